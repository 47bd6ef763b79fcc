"""Each version as it was published: its page, and that nothing done later changes it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from portal.catalogue.models import Entry, PublishedVersion
from portal.catalogue.services import withdraw_entry
from portal.catalogue.versions import NoSuchVersion, as_published, get_version
from tests.factories import (
    AdoptionRecordFactory,
    CaseStudyFactory,
    ClaimFactory,
    CoverageClaimFactory,
    EvidenceFactory,
    IcbFactory,
    InnovationFactory,
    InnovationKindFactory,
    LearningPointFactory,
    MeasureFactory,
    NetworkFactory,
    ParticipantFactory,
    ThemeFactory,
    TrustFactory,
    add_figure,
    cite,
    publish,
)

pytestmark = pytest.mark.django_db

KINDS = pytest.mark.parametrize("factory", [InnovationFactory, CaseStudyFactory])


def words_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


def changed(entry: Entry, **fields: Any) -> None:
    """Publish the entry again with other values."""
    row = type(entry)._default_manager.get(pk=entry.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    publish(row)


@KINDS
def test_a_version_is_shown_as_it_was_and_names_the_current_one(client: Client, factory: type) -> None:
    entry = factory(published=True, title="The app", summary="As first written.")
    changed(entry, title="Our app", summary="As corrected.")

    page = words_of(client, entry.get_version_url(1))
    assert "As first written." in page
    assert "As corrected." not in page
    assert "<title>The app, version 1 -" in page
    assert "<strong>Version 1, published" in page
    assert f'The current version is <a href="{entry.get_absolute_url()}">2</a>.' in page


@override_settings(SITE_URL="https://portal.example.nhs.uk")
def test_search_engines_find_the_entry_and_no_version(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    address = f"https://portal.example.nhs.uk{innovation.get_absolute_url()}"

    for number, marked in ((innovation.get_version_url(1), True), (innovation.get_absolute_url(), False)):
        page = words_of(client, number)
        assert ('<meta name="robots" content="noindex">' in page) is marked
        assert (f'<link rel="canonical" href="{address}">' in page) is marked


def test_the_current_version_has_its_address_too(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    page = words_of(client, innovation.get_version_url(1))
    assert f'This is <a href="{innovation.get_absolute_url()}">the current version</a>.' in page


def test_figures_sources_and_lists_stay_as_they_were(client: Client) -> None:
    source = EvidenceFactory(title="The preprint", publisher="A journal", known_through=EvidenceFactory(title="A blog"))
    measure, theme = MeasureFactory(unit="hours", name="Hours released"), ThemeFactory(name="Banks")
    dorset = IcbFactory(name="NHS Dorset Integrated Care Board", short_name="Dorset")
    innovation = InnovationFactory(
        published=True,
        themes=[theme],
        other_names=["Short name"],
        kinds=[InnovationKindFactory(name="Digital tool")],
        lead_organisations=[TrustFactory(name="Our Trust")],
        owner_network=NetworkFactory(name="Wessex network"),
    )
    ClaimFactory(entry=innovation, statement="It saves a fortune")
    cite(innovation, evidence=source, finding="It helped.")
    add_figure(innovation, measure=measure, label="Hours released", value=41000, place=dorset, evidence=source)
    number = innovation.version

    for row, field, value in (
        (source, "title", "The published paper"),
        (measure, "unit", "days"),
        (theme, "name", "Shared banks"),
        (dorset, "short_name", "Wessex"),
    ):
        setattr(row, field, value)
        row.save()
    changed(innovation, figures=[], evidence_links=[], claims=[], other_names=[], kinds=[], themes=[])

    page = words_of(client, innovation.get_version_url(number))
    for words in (
        "The preprint", "A journal", "A blog", "It helped.", "41,000 hours", "Dorset", "Banks", "Short name",
        "Digital tool", "Our Trust", "Wessex network", "It saves a fortune", 'href="#source-1"',
    ):  # fmt: skip
        assert words in page, words
    for words in ("The published paper", "days", "Shared banks"):
        assert words not in page, words


def test_a_source_deleted_since_is_still_cited() -> None:
    innovation, source = InnovationFactory(published=True), EvidenceFactory(title="The preprint")
    cite(innovation, evidence=source)
    changed(innovation, evidence_links=[])
    source.delete()

    (link,) = get_version(innovation, 2).entry.evidence_links.all()
    assert link.evidence.title == "The preprint"


def test_what_a_copy_lacks_is_looked_up_and_what_is_lost_has_a_stand_in() -> None:
    """Versions kept when the trail began have no copies of their sources."""
    innovation, source = InnovationFactory(published=True), EvidenceFactory(title="The preprint")
    cite(innovation, evidence=source)
    kept = PublishedVersion.objects.get(change__version=2)
    kept.references = {}

    (entry,) = as_published(type(innovation), [kept])
    assert [link.evidence for link in entry.evidence_links.all()] == [source]
    changed(innovation, evidence_links=[])
    source.delete()
    (entry,) = as_published(type(innovation), [kept])
    assert [link.evidence.title for link in entry.evidence_links.all()] == [""]


def test_a_case_studys_version_has_its_participants_and_lessons(client: Client) -> None:
    case_study = CaseStudyFactory()
    ParticipantFactory(case_study=case_study, name="A council", organisation=TrustFactory(code="RXX"))
    LearningPointFactory(case_study=case_study, text="Agree who pays.")
    publish(case_study)
    changed(case_study, participants=[], learning_points=[])

    page = words_of(client, case_study.get_version_url(1))
    assert '<a href="/organisations/RXX/">A council</a>' in page
    assert "Agree who pays." in page


def test_adoption_is_not_part_of_a_version_and_the_page_says_so(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    AdoptionRecordFactory(entry=innovation, organisation=TrustFactory(name="Adopting Trust"))
    CoverageClaimFactory(entry=innovation, group="Acute trusts everywhere")

    page = words_of(client, innovation.get_version_url(1))
    assert "Adopting Trust" not in page
    assert "Acute trusts everywhere" not in page
    assert "so it is not part of a version" in page
    assert f'href="{innovation.get_absolute_url()}#adoption"' in page
    assert "Make a PDF briefing" not in page


def test_a_version_names_no_entry_that_is_not_public_now(client: Client) -> None:
    used = InnovationFactory(published=True, title="Withdrawn app")
    drafted = InnovationFactory(title="Secret plan")
    case_study = CaseStudyFactory(published=True, innovations_used=[used, drafted])
    assert "Withdrawn app" in words_of(client, case_study.get_version_url(1))
    withdraw_entry(entry=used, by=None, reason="Closed.")

    page = words_of(client, case_study.get_version_url(1))
    assert "Withdrawn app" not in page
    assert "Secret plan" not in page


@KINDS
def test_a_drafts_words_are_on_no_page(client: Client, factory: type) -> None:
    entry = factory(published=True)
    publish(entry)
    draft = type(entry)._default_manager.get(pk=entry.pk)
    draft.title = draft.summary = "Secret plan"
    draft.save_revision(clean=False)

    for number in (1, 2):
        assert "Secret plan" not in words_of(client, entry.get_version_url(number))
    assert "Secret plan" not in words_of(client, entry.get_changes_url())
    assert client.get(entry.get_version_url(3)).status_code == 404


@KINDS
@pytest.mark.parametrize("number", [0, 2, 7, 2**63, 10**30])
def test_a_number_never_published_is_not_found(client: Client, factory: type, number: int) -> None:
    entry = factory(published=True)
    assert client.get(entry.get_version_url(number)).status_code == 404
    if number < 10:
        with pytest.raises(NoSuchVersion):
            get_version(entry, number)


@KINDS
def test_a_withdrawn_entry_shows_no_version_and_no_log(client: Client, factory: type) -> None:
    entry = factory(published=True, title="Withdrawn app")
    withdraw_entry(entry=entry, by=None, reason="It was never true.")

    for address in (entry.get_absolute_url(), entry.get_version_url(1), entry.get_changes_url()):
        answer = client.get(address)
        assert answer.status_code == 404
        assert b"Withdrawn app" not in answer.content
        assert b"never true" not in answer.content


@KINDS
def test_a_draft_has_no_version_and_no_log(client: Client, factory: type) -> None:
    draft = factory()
    draft.save_revision(clean=False)
    for address in (draft.get_version_url(0), draft.get_version_url(1), draft.get_changes_url()):
        assert client.get(address).status_code == 404


def test_an_innovations_version_is_not_found_among_case_studies(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    assert client.get(f"/case-studies/{innovation.slug}/versions/1/").status_code == 404


@pytest.mark.slow
@KINDS
def test_a_version_costs_the_same_for_one_row_as_for_twenty(client: Client, factory: type) -> None:
    def queries(how_many: int) -> int:
        entry = factory(published=True, themes=ThemeFactory.create_batch(how_many))
        for _ in range(how_many):
            add_figure(entry, place=IcbFactory(), measure=MeasureFactory(), published=False)
            cite(entry, evidence=EvidenceFactory(known_through=EvidenceFactory()), published=False)
            ClaimFactory(entry=entry)
            if factory is CaseStudyFactory:
                ParticipantFactory(case_study=entry, organisation=TrustFactory())
                LearningPointFactory(case_study=entry)
        publish(entry)
        with CaptureQueriesContext(connection) as captured:
            client.get(entry.get_version_url(2))
        return len(captured)

    # One of them is the catalogue's mark, from which a 304 is answered.
    assert queries(1) == queries(20) <= 4

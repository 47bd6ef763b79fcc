"""The page of an innovation and of a case study."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.catalogue.finding.index import current_index
from portal.catalogue.services import withdraw_entry
from tests.factories import (
    AdoptionRecordFactory,
    CaseStudyFactory,
    ClaimFactory,
    CoverageClaimFactory,
    EvidenceFactory,
    IcbFactory,
    InnovationFactory,
    LearningPointFactory,
    MeasureFactory,
    ParticipantFactory,
    ThemeFactory,
    TrustFactory,
    UserFactory,
    add_figure,
    cite,
)

pytestmark = pytest.mark.django_db


def words_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_figure_is_shown_with_all_it_must_not_travel_without(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    source = EvidenceFactory(title="The evaluation", url="https://example.nhs.uk/evaluation")
    cite(innovation, evidence=source)
    add_figure(
        innovation,
        value=41000,
        qualifier="about",
        label="Nursing hours released",
        place=IcbFactory(name="NHS Dorset Integrated Care Board", short_name="Dorset"),
        place_note="two wards",
        method="Timed before and after",
        evidence=source,
    )
    page = words_of(client, innovation.get_absolute_url())
    for words in (
        "About 41,000 hours",
        "Nursing hours released",
        "2023/24",
        "Dorset (two wards)",
        "Observed",
        "Timed before and after",
        'href="#source-1"',
        'href="https://example.nhs.uk/evaluation"',
    ):
        assert words in page, words


def test_achieved_potential_and_other_figures_stand_apart(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    add_figure(innovation, key="done")
    add_figure(innovation, key="possible", achievement="potential")
    add_figure(innovation, key="before", role="baseline", measure=MeasureFactory(additive=False))
    groups = client.get(innovation.get_absolute_url()).context["page"].figure_groups
    assert {group.title: [row.fact.key for row in group.rows] for group in groups} == {
        "Benefits reported": ["done"],
        "What it could bring": ["possible"],
        "Other figures": ["before"],
    }


def test_a_figure_that_says_another_again_says_so(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    hours = add_figure(innovation, label="Hours saved")
    add_figure(innovation, label="Days saved", restates=hours.public_id)
    assert "The same benefit as “Hours saved”" in words_of(client, innovation.get_absolute_url())


def test_what_the_sources_leave_out_is_shown_as_not_stated(client: Client) -> None:
    page = words_of(client, InnovationFactory(published=True).get_absolute_url())
    assert page.count("Not stated") >= 5
    assert "No source we have read gives a figure" in page
    assert "Not reported does not mean that nobody has" in page


def test_claims_about_groups_stand_apart_from_records(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    trust = TrustFactory(name="Example Trust")
    AdoptionRecordFactory(entry=innovation, organisation=trust, stage="stopped", stop_reason="cost", on="2024-05")
    CoverageClaimFactory(entry=innovation, group="Systems", count=42, denominator=42, share_percent=100, unit="ICSs")
    CoverageClaimFactory(entry=innovation, group="Acute trusts", share_percent=61, unit="acute trusts")
    page = words_of(client, innovation.get_absolute_url())
    assert "42 of 42 ICSs (100%)" in page
    assert "61% of acute trusts" in page
    assert page.index("Claims about groups") < page.index("Organisations reported") < page.rindex("Example Trust")
    assert "May 2024" in page


def test_a_claim_without_a_source_is_named_as_one(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    ClaimFactory(entry=innovation, statement="It saves a fortune", said_by="a brochure")
    page = words_of(client, innovation.get_absolute_url())
    assert "It saves a fortune <em>(claim, no source given; said by a brochure)</em>" in page


def test_a_case_study_shows_what_helped_and_who_took_part(client: Client) -> None:
    used = InnovationFactory(published=True, title="The app")
    hidden = InnovationFactory(title="A draft app")
    case_study = CaseStudyFactory(published=True, innovations_used=[used, hidden])
    LearningPointFactory(case_study=case_study, kind="barrier", barrier_kind="terms", text="Pay differed.")
    ParticipantFactory(case_study=case_study, name="A council", role="partner")
    page = words_of(client, case_study.get_absolute_url())
    assert "What stood in the way" in page
    assert "Pay differed." in page
    assert "(terms and conditions)" in page
    assert "A council" in page
    assert "(partner)" in page
    assert "The app" in page
    assert "A draft app" not in page


def test_an_innovation_names_the_published_case_studies_that_use_it(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    CaseStudyFactory(published=True, title="Seen", innovations_used=[innovation])
    CaseStudyFactory(title="Unseen draft", innovations_used=[innovation])
    page = words_of(client, innovation.get_absolute_url())
    assert "Seen" in page
    assert "Unseen draft" not in page


def test_it_says_how_sure_that_is_with_what_counted_and_the_cheapest_step(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    cite(innovation, evidence=EvidenceFactory(title="Adoption list"))
    survey = EvidenceFactory(title="The survey", type="survey", setting="nhs_england", read_extent="abstract")
    cite(innovation, evidence=survey, finding="Staff liked it.")
    page = words_of(client, innovation.get_absolute_url())
    for words in (
        "Strength 2 of 5: weak",
        "2 sources, strongest type: survey",
        "People were asked, but no change was measured.",
        "A before-and-after study in the NHS in England by somebody independent of the supplier or programme "
        "would take it to 3.",
        'href="#source-1" aria-label="Source 1">[1]</a>',
        "Survey; who stands behind it not stated; NHS in England; undated; only the abstract read.",
        "(rule version 1)",
        f'href="{reverse("catalogue:evidence_strength")}"',
    ):
        assert words in page, words
    assert "Source 2" not in page


def test_nice_status_stands_apart_from_strength(client: Client) -> None:
    innovation = InnovationFactory(published=True, nice_status="recommended")
    page = words_of(client, innovation.get_absolute_url())
    assert "Strength 0 of 5: none found" in page
    assert "NICE: recommended" in page


def test_related_entries_come_with_their_reasons_the_closest_first(client: Client) -> None:
    themes = [ThemeFactory(name="Banks"), ThemeFactory(name="Roles")]
    board, evaluation = IcbFactory(name="NHS Devon ICB", short_name="Devon"), EvidenceFactory()
    entry = InnovationFactory(published=True, themes=themes, places=[board])
    cite(entry, evidence=evaluation, finding="It helped.")
    CaseStudyFactory(published=True, title="Close", themes=themes, places=[board])
    cite(InnovationFactory(published=True, title="Studied"), evidence=evaluation, finding="It helped too.")
    cite(InnovationFactory(published=True, title="Only cites"), evidence=evaluation)
    InnovationFactory(published=True, title="Near", themes=themes[:1])
    InnovationFactory(title="Draft", themes=themes, places=[board])
    gone = InnovationFactory(published=True, title="Gone", themes=themes)
    withdraw_entry(entry=gone, by=UserFactory(), reason="Test")
    edited = InnovationFactory(published=True, title="Edited later")
    edited.themes = themes
    edited.save_revision(clean=False)
    related = client.get(entry.get_absolute_url()).context["page"].related
    assert [(other.entry.title, other.why) for other in related] == [
        ("Close", "same theme: Banks; same theme: Roles; same ICB: Devon"),
        ("Studied", "cites the same evaluation"),
        ("Near", "same theme: Banks"),
    ]


def test_an_entry_at_many_boards_is_related_by_none_of_them(client: Client) -> None:
    boards = IcbFactory.create_batch(4)
    entry = InnovationFactory(published=True, places=boards)
    InnovationFactory(published=True, places=boards[:1])
    assert client.get(entry.get_absolute_url()).context["page"].related == []


@pytest.mark.parametrize("factory", [InnovationFactory, CaseStudyFactory])
def test_a_draft_or_an_unknown_slug_is_not_found(client: Client, factory: type) -> None:
    draft = factory(title="Secret plan")
    answer = client.get(draft.get_absolute_url())
    assert answer.status_code == 404
    assert b"Secret plan" not in answer.content
    assert b"There is no page at this address" in answer.content


def test_an_innovation_is_not_found_among_case_studies(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    assert client.get(reverse("casestudies:detail", args=[innovation.slug])).status_code == 404


def test_markup_typed_into_a_field_is_shown_and_never_run(client: Client) -> None:
    innovation = InnovationFactory(published=True, title="<script>alert(1)</script>", summary="<img src=x onerror=y>")
    page = words_of(client, innovation.get_absolute_url())
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(("factory", "queries"), [(InnovationFactory, 32), (CaseStudyFactory, 33)])
@pytest.mark.parametrize("how_many", [1, 20])
def test_a_page_costs_the_same_for_one_fact_as_for_twenty(
    client: Client, django_assert_num_queries: Any, factory: type, queries: int, how_many: int
) -> None:
    themes = [ThemeFactory()]
    entry = factory(published=True, themes=themes, places=IcbFactory.create_batch(how_many))
    for _ in range(how_many):
        factory(published=True, themes=themes)
        add_figure(entry, place=IcbFactory(), published=False)
        cite(entry, published=False, finding="Helped.", evidence=EvidenceFactory(known_through=EvidenceFactory()))
        AdoptionRecordFactory(entry=entry)
        CoverageClaimFactory(entry=entry, place=IcbFactory())
        if factory is CaseStudyFactory:
            ParticipantFactory(case_study=entry, organisation=TrustFactory())
            LearningPointFactory(case_study=entry)
    current_index()
    with django_assert_num_queries(queries):
        client.get(entry.get_absolute_url())

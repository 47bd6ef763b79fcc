"""Pages and answers of the API that the worker made: the same as those made when asked for, whatever changed since."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.adoption.models import AdoptionRecord, CoverageClaim
from portal.benefits.models import BenefitFigure
from portal.catalogue import stored
from portal.catalogue.finding.index import current_index
from portal.catalogue.models import Entry, StoredCard, StoredPage, Theme
from portal.catalogue.services import publish_entry, withdraw_entry
from portal.catalogue.sharing import forget_answers, release
from portal.catalogue.stored import store_answers
from portal.evidence.models import Evidence
from portal.organisations.models import Organisation
from tests.factories import (
    AdoptionRecordFactory,
    CaseStudyFactory,
    CoverageClaimFactory,
    EvidenceFactory,
    IcbFactory,
    InnovationFactory,
    LearningPointFactory,
    ParticipantFactory,
    ProgrammeFactory,
    ThemeFactory,
    TrustFactory,
    UserFactory,
    add_figure,
    cite,
)

pytestmark = pytest.mark.django_db

PAGES = ("/innovations/bank/", "/case-studies/devon/")
API = ("/api/v1/innovations/bank/", "/api/v1/case-studies/devon/", "/api/v1/entries/", "/api/v1/entries/?fields=title")


@pytest.fixture
def scene() -> Any:
    """An innovation and a case study that uses it, which share a theme and say all that a page can."""
    themes, trust = [ThemeFactory(name="Banks & pools")], TrustFactory(name="Example Trust")
    bank = InnovationFactory(published=True, title="A <bank>", slug="bank", themes=themes, places=[IcbFactory()])
    devon = CaseStudyFactory(published=True, title="Devon", slug="devon", themes=themes, innovations_used=[bank])
    for entry in (bank, devon):
        source = EvidenceFactory(title="The evaluation", known_through=EvidenceFactory(title="The review"))
        cite(entry, evidence=source, finding="It helped.")
        add_figure(entry, value=12, label="Hours saved", evidence=source)
        AdoptionRecordFactory(entry=entry, organisation=trust)
        CoverageClaimFactory(entry=entry, group="Systems", share_percent=40)
    add_figure(devon, value=3, label="Hours lost", evidence=EvidenceFactory(title="Of a figure"))
    ParticipantFactory(case_study=devon, name="A council", organisation=trust)
    LearningPointFactory(case_study=devon, text="Pay differed.")
    return bank


def answers() -> list[bytes]:
    """Ask for everything as visitors whom no other one’s answer helps."""
    forget_answers()
    return [Client().get(address).content for address in (*PAGES, *API)]


def made_afresh() -> list[bytes]:
    StoredPage.objects.all().delete()
    StoredCard.objects.all().delete()
    return answers()


def test_what_is_stored_reads_like_what_is_made_when_asked_for(scene: Any) -> None:
    made = answers()
    store_answers()
    assert StoredPage.objects.count() == 2
    assert answers() == made
    assert b"A &lt;bank&gt;" in made[0]


def save(row: Any, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


def renamed(entry: Any) -> None:
    entry.title = "Changed"
    publish_entry(entry=entry)


def change_links(bank: Any) -> None:
    case_study = bank.case_studies.get()
    case_study.innovations_used = []
    publish_entry(entry=case_study)


def add_programme(bank: Any) -> None:
    bank.programmes = [ProgrammeFactory(name="Changed")]
    publish_entry(entry=bank)


CHANGES: dict[str, Callable[[Any], Any]] = {
    "the entry": renamed,
    "the entry that is linked to": lambda bank: renamed(bank.case_studies.get()),
    "an entry that is related": lambda bank: InnovationFactory(published=True, title="X", themes=Theme.objects.all()),
    "a programme": add_programme,
    "a figure": lambda bank: save(BenefitFigure.objects.get(entry=bank), label="Changed"),
    "a measure": lambda bank: save(BenefitFigure.objects.get(entry=bank).measure, name="Changed"),
    "a source": lambda bank: save(Evidence.objects.get(entry_links__entry=bank), title="Changed"),
    "a source that does not answer": lambda bank: save(
        Evidence.objects.get(entry_links__entry=bank), unanswered_on=timezone.localdate()
    ),
    "a source that a claim alone cites": lambda bank: save(CoverageClaim.objects.get(entry=bank).evidence, title="New"),
    "a source that a figure alone cites": lambda bank: save(Evidence.objects.get(title="Of a figure"), title="Changed"),
    "what a source is known through": lambda bank: save(Evidence.objects.filter(title="The review")[0], title="Older"),
    "an organisation": lambda bank: save(Organisation.objects.get(name="Example Trust"), name="Changed"),
    "a theme": lambda bank: save(Theme.objects.get(), name="Changed"),
    "an adoption record": lambda bank: AdoptionRecordFactory(entry=bank, organisation=TrustFactory(name="Newcomer")),
    "a stage": lambda bank: save(AdoptionRecord.objects.filter(entry=bank)[0], stage="sustained"),
    "a claim of groups": lambda bank: save(CoverageClaim.objects.get(entry=bank), group="Changed"),
    "a learning point": lambda bank: LearningPointFactory(case_study=bank.case_studies.get(), text="Changed"),
    "what a case study uses": change_links,
}


def test_each_kind_of_change_shows_at_the_next_request(scene: Any) -> None:
    for name, change in CHANGES.items():
        store_answers()
        before = answers()
        change(type(scene).objects.get(pk=scene.pk))
        after = answers()
        assert after != before, name
        assert after == made_afresh(), name


def test_another_day_and_another_release_make_pages_anew(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store_answers()
    StoredPage.objects.update(row="{}", whole=b"", page=b"")
    tomorrow = timezone.localdate() + timedelta(days=1)
    for made_for in (f"{tomorrow} {release()}", f"{timezone.localdate()} the next one"):
        with monkeypatch.context() as patch:
            patch.setattr(stored, "made_for", lambda told=made_for: told)
            assert b"A &lt;bank&gt;" in answers()[0]


def test_a_draft_leaves_what_is_stored_alone_and_an_entry_that_went_is_not_found(scene: Any) -> None:
    store_answers()
    before = answers()
    scene.title = "Half typed"
    scene.save_revision(clean=False)
    assert answers() == before
    withdraw_entry(entry=scene, by=UserFactory(), reason="Test")
    StoredPage.objects.update(made_for=stored.made_for())
    assert Client().get(PAGES[0]).status_code == Client().get(API[0]).status_code == 404


def test_who_has_a_basket_or_a_message_sees_their_own_on_a_stored_page(scene: Any) -> None:
    store_answers()
    visitor = Client()
    visitor.post(reverse("briefings:basket_add"), {"entry": "bank", "next": PAGES[0]})
    told = visitor.get(PAGES[0]).text
    assert "Remove<" in told
    assert 'id="basket-count">1<' in told
    assert visitor.get(PAGES[0]).text == told
    assert "Remove<" not in Client().get(PAGES[0]).text


@pytest.mark.parametrize("how_many", [1, 5])
def test_a_stored_page_takes_five_queries_and_an_answer_of_the_api_three(
    scene: Any, django_assert_num_queries: Any, how_many: int
) -> None:
    for _ in range(how_many):
        CaseStudyFactory(published=True, innovations_used=[scene], themes=list(Theme.objects.all()))
    store_answers()
    current_index()
    forget_answers()
    with django_assert_num_queries(5):
        Client().get(PAGES[0])
    with django_assert_num_queries(3):
        Client().get(API[0])
    with django_assert_num_queries(3):
        Client().get(API[2])
    assert Entry.objects.public().count() == how_many + 2

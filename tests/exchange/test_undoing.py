"""Taking a batch back: what somebody did to what it brought stays, also when it is done while all is made ready."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from casestudies.models import CaseStudy
from innovations.models import Innovation
from portal.adoption.models import AdoptionRecord
from portal.catalogue.models import Entry, EntryChange, EntryEvidence
from portal.editing import services as editing
from portal.editing.services import draft_of
from portal.evidence.models import Evidence
from portal.exchange.imports import undoing, writing
from portal.exchange.imports.known import Known
from portal.exchange.imports.tables import BY_KEY
from portal.exchange.models import ImportBatch
from tests.exchange.imports_scene import apply, lines, read_here, undo, upload
from tests.factories import CaseStudyFactory, InnovationFactory, NetworkFactory, NetworkRoleFactory, TrustFactory, cite

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)


@pytest.fixture
def batch(network: Any, editor: Any) -> ImportBatch:
    """Two innovations, one of them with a new source, and a case study that names the other; applied."""
    rows = [
        _row("innovations", address="rota", title="Rota"),
        _row("innovations", address="bank", title="Bank"),
        _row("case_studies", address="ward", title="Ward"),
        _row("evidence", entry="rota", source="lee-2025", title="Lee"),
    ]
    batch = apply(upload(writing.workbook_of(rows, Known(editor)), network=network, by=editor, name="rows.xlsx"))
    assert batch.state == "applied"
    _name("bank", "ward")
    return batch


def _name(innovation: str, study: str) -> None:
    CaseStudy.innovations_used.through._default_manager.create(
        casestudy=CaseStudy.objects.get(slug=study), innovation=Innovation.objects.get(slug=innovation)
    )


def _row(table: str, **cells: str) -> Any:
    return BY_KEY[table], [cells.get(column.key, "") for column in BY_KEY[table].columns]


def kept(batch: ImportBatch) -> dict[str, str]:
    return {change.title: change.kept_because for change in batch.changes.exclude(kept_because="")}


def slugs() -> set[str]:
    return set(Entry.objects.values_list("slug", flat=True))


def test_all_that_came_together_goes_together(batch: ImportBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "AT_ONCE", 1)
    batch = undo(batch)
    assert (batch.state, kept(batch), slugs(), Evidence.objects.count()) == ("undone", {}, set(), 0)


def test_an_innovation_stays_with_the_case_study_that_names_it(batch: ImportBatch) -> None:
    study = Entry.objects.get(slug="ward")
    AdoptionRecord.objects.create(entry=study, organisation=TrustFactory(), stage="adopted", said_by="x")
    assert kept(undo(batch)) == {
        "Ward": "Adoption is on record for it.",
        "Bank": "The case study “Ward” names it since.",
    }
    assert slugs() == {"ward", "bank"}


def _publish_and_withdraw(entry: Any) -> None:
    publisher = NetworkRoleFactory(network=None, role="publisher").user
    Entry.objects.filter(pk=entry.pk).update(live=False, first_published_at=timezone.now())
    EntryChange.objects.create(entry=entry, action="published", origin="screen", version=1, by=publisher, title="Rota")
    EntryChange.objects.create(entry=entry, action="withdrawn", origin="screen", by=publisher, title="Rota")


def _schedule(entry: Any) -> None:
    entry.latest_revision.approved_go_live_at = timezone.now() + timedelta(days=3)
    entry.latest_revision.save()


def _give_away(entry: Any) -> None:
    publisher = NetworkRoleFactory(network=None, role="publisher").user
    editing.hand_over(entry=entry, to=NetworkFactory(name="Second"), by=publisher)


@pytest.mark.parametrize(
    ("do", "told"),
    [
        (_publish_and_withdraw, "It was published since."),
        (_schedule, "It is approved and waits for its day."),
        (_give_away, "It was given to another network since."),
    ],
)
def test_what_was_decided_of_a_draft_since_stays(batch: ImportBatch, do: Callable[[Any], None], told: str) -> None:
    do(Entry.objects.get(slug="rota"))
    batch = undo(batch)
    assert kept(batch) == {"Rota": told, "Lee": kept(batch)["Lee"]}
    assert slugs() == {"rota"}


def test_a_source_goes_though_its_address_was_asked_since(batch: ImportBatch) -> None:
    Evidence.objects.update(unanswered_on="2026-11-29")
    undo(batch)
    assert not Evidence.objects.exists()


def test_a_record_is_put_back_without_an_account_that_is_gone(network: Any, editor: Any) -> None:
    entry, trust = InnovationFactory(slug="rota", owner_network=network, published=True), TrustFactory(code="RQM")
    gone = NetworkRoleFactory(network=network, role="editor").user
    AdoptionRecord.objects.create(
        entry=entry, organisation=trust, stage="adopted", on="2024", said_by="Before", reported_by=gone
    )
    text = lines(
        ["Entry", "Organisation", "Stage", "When", "Who said so"], ["rota", "RQM", "Adopted", "2024", "Somebody else"]
    )
    batch = apply(upload(text, network=network, by=editor, name="adoption.csv"))
    gone.delete()
    assert (undo(batch).state, kept(batch)) == ("undone", {})
    record = AdoptionRecord.objects.get()
    assert (record.said_by, record.reported_by) == ("Before", None)


# --- while it is made ready ------------------------------------------------------------------------


def _edit(editor: Any) -> None:
    draft_of(Entry.objects.get(slug="rota")).save_revision(user=editor, clean=False)


def _adopt(editor: Any) -> None:
    entry = Entry.objects.get(slug="rota")
    AdoptionRecord.objects.create(entry=entry, organisation=TrustFactory(), stage="adopted", said_by="x")


def _use(editor: Any) -> None:
    CaseStudyFactory(title="Theirs", slug="theirs")
    _name("rota", "theirs")


def _cite(editor: Any) -> None:
    cite(InnovationFactory(slug="theirs"), evidence=Evidence.objects.get(key="lee-2025"))


def _cite_in_a_draft(editor: Any) -> None:
    draft = draft_of(InnovationFactory(title="Theirs", slug="theirs"))
    draft.evidence_links = [EntryEvidence(evidence=Evidence.objects.get(key="lee-2025"))]
    draft.save_revision(user=editor, clean=False)


def _correct(editor: Any) -> None:
    Evidence.objects.update(sample="40 wards")


@pytest.mark.parametrize(
    ("do", "stays", "told"),
    [
        (_edit, "Rota", "Its draft was changed since."),
        (_adopt, "Rota", "Adoption is on record for it."),
        (_use, "Rota", "The case study “Theirs” names it since."),
        (_cite, "Lee", "Something else cites it since."),
        (_cite_in_a_draft, "Lee", "A draft of “Theirs”, or its history, cites it."),
        (_correct, "Lee", "It was changed since."),
    ],
)
def test_what_somebody_does_meanwhile_stays_and_the_rest_goes(
    batch: ImportBatch, editor: Any, monkeypatch: pytest.MonkeyPatch, do: Any, stays: str, told: str
) -> None:
    make_ready = undoing.Undoing.make_ready

    def then_do(self: undoing.Undoing) -> None:
        make_ready(self)
        monkeypatch.setattr(undoing.Undoing, "make_ready", make_ready)
        do(editor)

    monkeypatch.setattr(undoing.Undoing, "make_ready", then_do)
    batch = undo(batch)
    assert batch.state == "undone"
    assert kept(batch)[stays] == told
    assert slugs() - {"theirs"} == ({"rota"} if stays == "Rota" else set())
    assert Evidence.objects.count() == 1, "what cites it stays, or it was corrected"


def test_nothing_is_undone_while_others_keep_changing_it(
    batch: ImportBatch, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ready = undoing.Undoing.make_ready

    def then_lock(self: undoing.Undoing) -> None:
        Entry.objects.update(locked=False)
        make_ready(self)
        Entry.objects.update(locked=True)

    monkeypatch.setattr(undoing.Undoing, "make_ready", then_lock)
    batch = undo(batch)
    assert (batch.state, slugs(), kept(batch)) == ("applied", {"rota", "bank", "ward"}, {})
    assert "so nothing was undone. Undo it again" in batch.error


@pytest.mark.django_db(transaction=True)
def test_others_write_while_undoing_is_made_ready(batch: ImportBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out = []
    make_ready = undoing.Undoing.make_ready

    def notice(self: undoing.Undoing) -> None:
        worked_out.append(connection.in_atomic_block)
        make_ready(self)
        EntryChange.objects.create(entry=Entry.objects.first(), action="locked", origin="screen", title="Rota")
        monkeypatch.undo()

    monkeypatch.setattr(undoing.Undoing, "make_ready", notice)
    assert undo(batch).state == "undone", "the trail's new row names an entry that was to go, so it is looked at again"
    assert (worked_out, slugs(), EntryChange.objects.count()) == ([False], set(), 0)

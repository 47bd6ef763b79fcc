"""From an uploaded file to drafts and back: what an editor imports, and what becomes of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from portal.adoption.models import AdoptionRecord
from portal.benefits.models import BenefitFigure
from portal.catalogue.models import CatalogueVersion, Entry, EntryChange
from portal.editing import services as editing
from portal.editing.services import draft_of
from portal.evidence.models import Evidence
from portal.exchange.imports import applying, services, work, writing
from portal.exchange.imports.known import Known
from portal.exchange.imports.planning import Planner
from portal.exchange.imports.services import ImportRefused
from portal.exchange.imports.tables import BY_KEY, TABLES
from portal.exchange.models import ImportBatch, ImportRow
from tests.exchange.imports_scene import apply, lines, problems, read_here, states, undo, upload, work_on
from tests.factories import (
    CaseStudyFactory,
    ClaimFactory,
    EvidenceFactory,
    InnovationFactory,
    LearningPointFactory,
    MeasureFactory,
    NetworkFactory,
    NetworkRoleFactory,
    ParticipantFactory,
    ThemeFactory,
    TrustFactory,
    UserFactory,
    add_figure,
    cite,
    publish,
)

pytestmark = pytest.mark.django_db

ENTRIES = ["Address", "Title", "Summary"]
FIGURES = [
    "Entry",
    "Key",
    "What it counts",
    "Measure",
    "Value",
    "Role",
    "Basis",
    "Achievement",
    "Period",
    "Place",
    "Source",
]
USUAL = ["Benefit", "Observed", "Achieved", "2023/24", "not stated", "smith-2024"]
ADOPTION = ["Entry", "Organisation", "Stage", "When", "Who said so"]


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)


@pytest.fixture
def reviewer(network: Any) -> Any:
    return NetworkRoleFactory(network=network, role="reviewer").user


@pytest.fixture
def published(network: Any, hours: Any, england: Any) -> Any:
    """A published innovation of the network with a figure and a source."""
    entry = InnovationFactory(
        title="Night rota",
        slug="night-rota",
        owner_network=network,
        themes=[ThemeFactory(name="Banks")],
        published=True,
    )
    source = EvidenceFactory(key="smith-2024", title="Smith 2024")
    cite(entry, evidence=source)
    add_figure(entry, key="hours", measure=hours, value=1250, place=england, evidence=source)
    return type(entry).objects.get(pk=entry.pk)


def figure_row(**changed: str) -> list[str]:
    usual = dict(
        zip(
            FIGURES,
            ["night-rota", "more", "Hours of nights", "Staff hours released", "40", *USUAL],
            strict=True,
        )
    )
    return list((usual | changed).values())


# --- the way of a file ---------------------------------------------------------------------------


def test_rows_become_drafts_and_none_is_published(network: Any, editor: Any) -> None:
    ThemeFactory(name="Connected banks")
    version = CatalogueVersion.now()
    text = lines(
        [*ENTRIES, "Themes", "Other names"], ["rota-app", "Rota app", "Who is free.", "connected banks", "RA; R2"]
    )
    batch = upload(text, network=network, by=editor)
    assert (batch.state, states(batch)) == ("checked", ["new"])
    assert not Entry.objects.exists()

    batch = apply(batch)
    entry = Entry.objects.get()
    draft = draft_of(entry)
    assert (batch.state, batch.receipt["rows"]) == ("applied", {"innovations new": 1})
    assert (entry.live, entry.has_unpublished_changes, entry.owner_network, entry.kind) == (
        False,
        True,
        network,
        "innovation",
    )
    assert (draft.summary, draft.themes.get().name) == ("Who is free.", "Connected banks")
    # What the screens would have saved: the row's own children too.
    assert (
        {row.name for row in entry.other_names.all()} == {row.name for row in draft.other_names.all()} == {"RA", "R2"}
    )
    trail = EntryChange.objects.get()
    assert (trail.action, trail.origin, trail.by) == ("created", "import", editor)
    assert CatalogueVersion.now() == version, "a draft changes nothing that readers see"


def test_a_draft_of_an_import_goes_the_usual_way_to_readers(
    network: Any, editor: Any, reviewer: Any, hours: Any
) -> None:
    ThemeFactory(name="Banks")
    EvidenceFactory(key="smith-2024")
    entries = lines(
        [*ENTRIES, "Themes", "Where it may not work"], ["night-rota", "Night rota", "Who is free.", "Banks", "Days."]
    )
    apply(upload(entries, network=network, by=editor))
    apply(upload(lines(FIGURES, figure_row()), network=network, by=editor, name="figures.csv"))
    entry = Entry.objects.get()
    editing.submit(entry=entry, by=editor)
    for person in (reviewer, NetworkRoleFactory(network=None, role="publisher").user):
        entry = Entry.objects.get()
        editing.approve(entry=entry, by=person, revision=entry.latest_revision_id)
    entry = Entry.objects.get()
    assert (entry.live, entry.version) == (True, 1)
    assert BenefitFigure.objects.public().get().value == 40


def test_a_change_to_a_published_entry_is_a_draft_and_says_what_changes(
    network: Any, editor: Any, published: Any
) -> None:
    figures = lines(FIGURES, figure_row(Key="hours", Value="1,300", **{"What it counts": ""}), figure_row())
    batch = upload(figures, network=network, by=editor, name="figures.csv")
    assert states(batch) == ["changed", "new"]
    assert {"column": "Value", "before": "1250", "after": "1300"} in batch.rows.first().changes  # type: ignore[union-attr]
    batch = apply(batch)
    assert [row.value for row in BenefitFigure.objects.all()] == [1250], "readers see what they saw"
    draft = draft_of(Entry.objects.get())
    assert {row.key: row.value for row in draft.figures.all()} == {"hours": 1300, "more": 40}
    (before,) = published.figures.all()
    assert draft.figures.all()[0].public_id == before.public_id
    assert [row.action for row in EntryChange.objects.filter(origin="import")] == ["edited"]


def test_the_receipt_tells_totals_as_they_are_and_would_be(network: Any, editor: Any, published: Any) -> None:
    MeasureFactory(name="Share of shifts filled", unit="percent", additive=False)
    rate = figure_row(Key="share", Measure="Share of shifts filled", Value="61")
    figures = lines(FIGURES, figure_row(Period="2024/25", Place="ENG"), rate)
    batch = apply(upload(figures, network=network, by=editor, name="figures.csv"))
    (told,) = batch.receipt["totals"]
    assert (told["measure"], told["before"], told["after"]) == ("Staff hours released", "1,250 hours", "1,290 hours")


def test_the_same_file_twice_changes_nothing(network: Any, editor: Any) -> None:
    text = lines(ENTRIES, ["rota-app", "Rota app", "Who is free."], ["", "Without an address", ""])
    apply(upload(text, network=network, by=editor))
    revisions = set(Entry.objects.values_list("latest_revision", flat=True))
    again = upload(text, network=network, by=editor)
    assert states(again) == ["unchanged", "unchanged"]
    with pytest.raises(ImportRefused, match="nothing to apply"):
        apply(again)
    assert set(Entry.objects.values_list("latest_revision", flat=True)) == revisions


# --- every problem at once -----------------------------------------------------------------------


def test_every_problem_of_a_row_is_told_with_column_value_and_fix(network: Any, editor: Any, published: Any) -> None:
    row = figure_row(
        Measure="Staff hours realeased", Value="many", Basis="seen", Period="23rd", Place="XYZ", Source="nobody"
    )
    batch = upload(lines(FIGURES, row), network=network, by=editor, name="figures.csv")
    (wrong,) = batch.rows.all()
    assert wrong.state == "wrong"
    assert [item["column"] for item in wrong.problems] == ["Measure", "Value", "Basis", "Period", "Place", "Source"]
    told = {item["column"]: item for item in wrong.problems}
    assert told["Measure"]["fix"] == "Did you mean Staff hours released?"
    assert told["Value"] == {
        "column": "Value",
        "value": "many",
        "problem": "It is not a number.",
        "fix": "Write a number such as 1250.5, with digits alone.",
    }
    assert "Observed; Modelled; Basis not stated" in told["Basis"]["fix"]


def test_good_rows_are_applied_without_the_wrong_ones(network: Any, editor: Any) -> None:
    text = lines(
        [*ENTRIES, "Themes"], ["good", "Good", "", ""], ["bad", "Bad", "", "no such theme"], ["", "", "", "no such"]
    )
    batch = upload(text, network=network, by=editor)
    assert states(batch) == ["new", "wrong", "wrong"]
    assert [column for column, _ in problems(batch.rows.last())] == ["Address", "Themes"]  # type: ignore[arg-type]
    apply(batch)
    assert [entry.slug for entry in Entry.objects.all()] == ["good"]


def test_a_figure_whose_entry_is_wrong_says_so(network: Any, editor: Any, hours: Any) -> None:
    EvidenceFactory(key="smith-2024")
    book = writing.workbook_of(
        [
            (BY_KEY["innovations"], _row("innovations", address="night-rota", title="Night rota", themes="none such")),
            (BY_KEY["figures"], _figure_cells()),
        ],
        Known(editor),
    )
    batch = upload(book, network=network, by=editor, name="book.xlsx")
    assert not batch.error
    assert states(batch) == ["wrong", "wrong"]
    assert batch.rows.last().problems[0]["fix"] == "Mend row 2 of “Innovations” first."  # type: ignore[union-attr]


def _row(table: str, **cells: str) -> list[str]:
    return [cells.get(column.key, "") for column in BY_KEY[table].columns]


def _figure_cells() -> list[str]:
    told = dict(zip([column.lower() for column in FIGURES], figure_row(), strict=True))
    told["label"] = told.pop("what it counts")
    return _row("figures", **told)


def test_rows_that_do_not_hang_together_are_wrong(network: Any, editor: Any, published: Any) -> None:
    columns = [*FIGURES, "Low", "High"]
    rows = [[*figure_row(), "50", "60"], [*figure_row(Key="one"), "10", ""], [*figure_row(Key="one"), "", ""]]
    batch = upload(lines(columns, *rows), network=network, by=editor, name="figures.csv")
    assert states(batch) == ["wrong", "wrong", "wrong"]
    fixes = [row.problems[0]["fix"] for row in batch.rows.all()]
    assert fixes == [
        "The value must lie between low and high.",
        "Give both low and high, or neither.",
        "Keep one of the two rows.",
    ]


def test_a_short_list_is_told_whole_where_nothing_in_it_is_near(network: Any, editor: Any) -> None:
    ThemeFactory(name="Banks")
    ThemeFactory(name="Rotas")
    batch = upload(lines([*ENTRIES, "Themes"], ["one", "One", "", "Quokka"]), network=network, by=editor)
    assert [item["fix"] for item in batch.rows.get().problems] == ["Write one of: Banks; Rotas."]


# --- duplicates ----------------------------------------------------------------------------------


def test_what_may_be_here_already_is_applied_only_when_chosen(network: Any, editor: Any, published: Any) -> None:
    text = lines(ENTRIES, ["night-rota-2", "NIGHT ROTA", ""], ["another", "Another", ""])
    batch = upload(text, network=network, by=editor)
    assert states(batch) == ["duplicate", "new"]
    assert batch.rows.first().same_as == "“Night rota” (night-rota) has the same name."  # type: ignore[union-attr]
    apply(batch)
    assert not Entry.objects.filter(slug="night-rota-2").exists()
    again = upload(text, network=network, by=editor)
    assert states(again) == ["duplicate", "unchanged"]
    apply(again, duplicates=[again.rows.get(state="duplicate").pk])
    assert Entry.objects.filter(slug="night-rota-2").exists()


def test_a_figure_with_another_key_may_be_one_that_is_here(network: Any, editor: Any, published: Any) -> None:
    figures = lines(FIGURES, figure_row(Value="1250", Key="again", Place="ENG"))
    batch = upload(figures, network=network, by=editor, name="figures.csv")
    assert states(batch) == ["duplicate"]
    assert "same measure, value, period, place and basis" in batch.rows.get().same_as


# --- sources -------------------------------------------------------------------------------------


def test_a_new_source_and_the_figure_that_cites_it_come_together(network: Any, editor: Any, hours: Any) -> None:
    book = writing.workbook_of(
        [
            (BY_KEY["innovations"], _row("innovations", address="night-rota", title="Night rota")),
            (
                BY_KEY["evidence"],
                _row("evidence", entry="night-rota", source="smith-2024", title="Smith", finding="It works."),
            ),
            (BY_KEY["figures"], _figure_cells()),
        ],
        Known(editor),
    )
    batch = upload(book, network=network, by=editor, name="book.xlsx")
    assert states(batch) == ["new", "new", "new"]
    assert not Evidence.objects.exists()
    batch = apply(batch)
    draft = draft_of(Entry.objects.get())
    source = Evidence.objects.get(key="smith-2024")
    assert [row.evidence_id for row in draft.figures.all()] == [source.pk]
    assert [(row.evidence_id, row.finding) for row in draft.evidence_links.all()] == [(source.pk, "It works.")]
    assert states(upload(book, network=network, by=editor, name="book.xlsx")) == ["unchanged"] * 3
    undo(batch)
    assert not Entry.objects.exists()
    assert not Evidence.objects.exists()


def test_a_file_does_not_change_a_source_that_is_here(network: Any, editor: Any, published: Any) -> None:
    text = lines(["Entry", "Source", "Title", "Finding"], ["night-rota", "smith-2024", "Smith 2025", "It works."])
    batch = upload(text, network=network, by=editor, name="evidence.csv")
    (row,) = batch.rows.all()
    assert (row.state, problems(row)) == (
        "wrong",
        [("Title", "The source “smith-2024” is here already and says “Smith 2024”.")],
    )


# --- adoption ------------------------------------------------------------------------------------


def test_adoption_rows_become_unverified_records(network: Any, editor: Any, published: Any) -> None:
    TrustFactory(code="RQM")
    version = CatalogueVersion.now()
    text = lines(
        ADOPTION,
        ["night-rota", "rqm", "Adopted", "2024-03", "Chief nurse"],
        ["night-rota", "RQM", "Stopped", "2030", ""],
    )
    batch = upload(text, network=network, by=editor, name="adoption.csv")
    assert states(batch) == ["new", "wrong"]
    assert {column for column, _ in problems(batch.rows.last())} == {"When"}  # type: ignore[arg-type]
    apply(batch)
    record = AdoptionRecord.objects.get()
    assert (record.stage, record.on, record.verified_at, record.reported_by) == ("adopted", "2024-03", None, editor)
    assert CatalogueVersion.now() != version, "readers see it at once, as one reported on a screen"
    again = upload(text, network=network, by=editor, name="adoption.csv")
    assert states(again) == ["unchanged", "wrong"]


def test_a_record_without_a_date_is_known_again_but_a_new_one_needs_it(
    network: Any, editor: Any, published: Any
) -> None:
    AdoptionRecord.objects.create(
        entry=published, organisation=TrustFactory(code="RQM"), stage="adopted", said_by="Nurse"
    )
    rows = [["night-rota", "RQM", stage, "", "Nurse"] for stage in ("Adopted", "Piloting")]
    batch = upload(lines(ADOPTION, *rows), network=network, by=editor, name="adoption.csv")
    assert states(batch) == ["unchanged", "wrong"]
    assert problems(batch.rows.last()) == [("When", "It is empty.")]  # type: ignore[arg-type]


def test_a_verified_record_is_not_changed_by_a_file(network: Any, editor: Any, published: Any) -> None:
    trust = TrustFactory(code="RQM")
    record = AdoptionRecord.objects.create(
        entry=published, organisation=trust, stage="adopted", on="2024", said_by="Nurse", verified_at=timezone.now()
    )
    text = lines(ADOPTION, ["night-rota", "RQM", "Adopted", "2024", "Somebody else"])
    batch = upload(text, network=network, by=editor, name="adoption.csv")
    assert "was verified on" in batch.rows.get().problems[0]["problem"]
    assert AdoptionRecord.objects.get().said_by == record.said_by


# --- permission ----------------------------------------------------------------------------------


def test_another_networks_entry_is_neither_told_of_nor_changed(network: Any, editor: Any, hours: Any) -> None:
    other = NetworkFactory(name="Second")
    InnovationFactory(title="Quokka", slug="theirs", owner_network=other)
    batch = upload(lines(ENTRIES, ["theirs", "Mine", "x"]), network=network, by=editor)
    (row,) = batch.rows.all()
    assert row.state == "wrong"
    assert "another entry" in row.problems[0]["problem"]
    assert "Quokka" not in str(row.problems) + row.title + row.same_as
    with pytest.raises(ImportRefused, match="nothing to apply"):
        apply(batch)


def test_who_may_not_change_published_entries_does_not_by_a_file(network: Any, published: Any) -> None:
    contributor = NetworkRoleFactory(network=network, role="contributor").user
    text = lines(ENTRIES, ["night-rota", "Night rota", "Other words."], ["new-one", "New one", ""])
    batch = upload(text, network=network, by=contributor)
    assert states(batch) == ["wrong", "new"]
    batch = apply(batch)
    with pytest.raises(ImportRefused, match="Ask an editor"):
        undo(batch)


def test_nobody_imports_for_a_network_that_is_not_theirs(network: Any, editor: Any) -> None:
    with pytest.raises(ImportRefused, match="does not add entries"):
        services.begin_import(name="a.csv", content=b"x", network=NetworkFactory(), by=editor)
    with pytest.raises(ImportRefused):
        services.begin_import(name="a.csv", content=b"x", network=network, by=UserFactory())


def test_what_belongs_to_case_studies_is_refused_for_an_innovation(network: Any, editor: Any, published: Any) -> None:
    text = lines(["Entry", "Name", "Role"], ["night-rota", "Some trust", ""])
    batch = upload(text, network=network, by=editor, name="participants.csv")
    assert problems(batch.rows.get()) == [("", "A participant belongs to case studies alone.")]


def test_of_two_rows_of_one_entry_the_second_is_refused(network: Any, editor: Any, published: Any) -> None:
    text = lines(ENTRIES, ["night-rota", "", "Other words."], ["night-rota", "", "And others."])
    batch = upload(text, network=network, by=editor)
    assert states(batch) == ["changed", "wrong"]
    assert problems(batch.rows.last()) == [("", "Another row is of the same entry.")]  # type: ignore[arg-type]


def test_a_draft_that_waits_for_a_decision_is_left_alone(network: Any, editor: Any, published: Any) -> None:
    draft = draft_of(published)
    draft.where_it_may_not_work = "Days."
    draft.save_revision(user=editor, clean=False)
    editing.submit(entry=Entry.objects.get(), by=editor, reason="Better words.")
    batch = upload(lines(ENTRIES, ["night-rota", "", "Other words."]), network=network, by=editor)
    assert problems(batch.rows.get()) == [("Address", "Its draft was submitted and waits for a decision.")]
    batch = upload(lines(ENTRIES, ["night-rota", "", draft.summary]), network=network, by=editor)
    assert states(batch) == ["unchanged"]
    TrustFactory(code="RQM")
    text = lines(ADOPTION, ["night-rota", "RQM", "Adopted", "2026-01", "Its lead"])
    assert states(upload(text, network=network, by=editor, name="adoption.csv")) == ["new"]


# --- between check and apply ---------------------------------------------------------------------


def test_what_changed_after_the_check_is_checked_again(
    network: Any, editor: Any, reviewer: Any, published: Any
) -> None:
    batch = upload(lines(ENTRIES, ["night-rota", "", "Other words."], ["new", "New", ""]), network=network, by=editor)
    draft_of(published).save_revision(user=reviewer, clean=False)
    batch = apply(batch)
    assert batch.state == "checked"
    assert batch.error.startswith("“Night rota” changed after the rows were checked, so they were checked again.")
    assert not Entry.objects.filter(slug="new").exists(), "all or nothing"
    batch = apply(batch)
    assert (batch.state, batch.error) == ("applied", "")


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("a draft", "The entry “night-rota”"),
        ("an address", "The entry “new”"),
        ("a source", "Something that the rows name"),
        ("a role", "Your role"),
        ("a record", "An adoption record"),
    ],
)
def test_what_changes_while_a_batch_is_made_ready_is_checked_again(
    network: Any, editor: Any, reviewer: Any, published: Any, monkeypatch: pytest.MonkeyPatch, what: str, told: str
) -> None:
    record = AdoptionRecord.objects.create(
        entry=published, organisation=TrustFactory(code="RQM"), stage="adopted", on="2024", said_by="Before"
    )
    changes = {
        "a draft": lambda: draft_of(published).save_revision(user=reviewer, clean=False),
        "an address": lambda: InnovationFactory(slug="new"),
        "a source": lambda: EvidenceFactory(key="lee-2025"),
        "a role": lambda: editor.network_roles.update(role="contributor"),
        "a record": lambda: AdoptionRecord.objects.filter(pk=record.pk).update(verified_at=timezone.now()),
    }
    rows = [
        (BY_KEY["innovations"], _row("innovations", address="night-rota", summary="Other words.")),
        (BY_KEY["innovations"], _row("innovations", address="new", title="New")),
        (BY_KEY["evidence"], _row("evidence", entry="night-rota", source="lee-2025", title="Lee")),
        (
            BY_KEY["adoption"],
            _row("adoption", entry="night-rota", organisation="RQM", stage="Adopted", on="2024", note="x"),
        ),
    ]
    batch = upload(writing.workbook_of(rows, Known(editor)), network=network, by=editor, name="rows.xlsx")
    assert states(batch) == ["changed", "new", "new", "changed"]
    make_ready = applying.make_ready

    def then_change(*args: Any) -> Any:
        receipt = make_ready(*args)
        monkeypatch.undo()
        changes[what]()
        return receipt

    read_here(monkeypatch)
    monkeypatch.setattr(applying, "make_ready", then_change)
    batch = apply(batch)
    assert batch.state == "checked"
    assert batch.error.startswith(f"{told} changed after the rows were checked")
    assert not batch.changes.exists(), "all or nothing"
    assert draft_of(Entry.objects.get(slug="night-rota")).summary == published.summary
    assert AdoptionRecord.objects.get().note == ""


@pytest.mark.django_db(transaction=True)
def test_others_write_while_a_batch_is_made_ready(network: Any, editor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = upload(lines(ENTRIES, ["new", "New", ""]), network=network, by=editor)
    planned = []

    def plan(planner: Planner, *args: Any) -> Any:
        planned.append(connection.in_atomic_block)
        return plan_whole(planner, *args)

    plan_whole = Planner.plan
    monkeypatch.setattr(Planner, "plan", plan)
    assert apply(batch).state == "applied"
    assert planned == [False]


def test_a_batch_that_fails_while_it_is_written_leaves_nothing(
    network: Any, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = upload(lines(ENTRIES, ["new", "New", ""]), network=network, by=editor)

    def fail(*args: Any, **more: Any) -> None:
        raise RuntimeError("disk")

    monkeypatch.setattr(work, "finish_step", fail, raising=True)
    services.ask_to_apply(batch=batch, duplicates=[], all_duplicates=False, by=editor)
    with pytest.raises(RuntimeError):
        work_on(batch)
    assert not Entry.objects.exists()
    monkeypatch.undo()
    ImportBatch.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert work_on(batch).state == "applied"


def test_a_worker_that_lost_its_batch_writes_nothing(network: Any, editor: Any) -> None:
    batch = upload(lines(ENTRIES, ["new", "New", ""]), network=network, by=editor)
    services.ask_to_apply(batch=batch, duplicates=[], all_duplicates=False, by=editor)
    claimed = work.claim_due_batch()
    assert claimed is not None
    assert work.claim_due_batch() is None, "one worker has it"
    ImportBatch.objects.update(lease=None)
    with pytest.raises(work.TakenOver):
        work.finish_step(claimed, "applied")


def test_a_step_that_keeps_dying_is_given_up(network: Any, editor: Any) -> None:
    batch = upload(lines(ENTRIES, ["new", "New", ""]), network=network, by=editor)
    services.ask_to_apply(batch=batch, duplicates=[], all_duplicates=False, by=editor)
    ImportBatch.objects.update(attempts=work.MOST_ATTEMPTS)
    batch = work_on(batch)
    assert (batch.state, "stopped 3 times" in batch.error) == ("checked", True)


# --- undo ----------------------------------------------------------------------------------------


def test_undoing_removes_what_is_new_and_puts_back_what_changed(network: Any, editor: Any, published: Any) -> None:
    text = lines(ENTRIES, ["night-rota", "", "Other words."], ["new", "New", ""])
    batch = undo(apply(upload(text, network=network, by=editor)))
    assert batch.state == "undone"
    entry = Entry.objects.get()
    assert (entry.slug, entry.has_unpublished_changes) == ("night-rota", False)
    assert draft_of(entry).summary == published.summary
    assert not batch.changes.exclude(kept_because="").exists()


def test_undoing_leaves_only_what_was_changed_since(network: Any, editor: Any, reviewer: Any) -> None:
    rows = [[slug, slug.title(), "Words."] for slug in ("touched", "adopted", "left")]
    batch = apply(upload(lines(ENTRIES, *rows), network=network, by=editor))
    touched = Entry.objects.get(slug="touched")
    draft_of(touched).save_revision(user=reviewer, clean=False)
    AdoptionRecord.objects.create(
        entry=Entry.objects.get(slug="adopted"), organisation=TrustFactory(), stage="adopted", said_by="x"
    )
    batch = undo(batch)
    assert {change.title: change.kept_because for change in batch.changes.all()} == {
        "Touched": "Its draft was changed since.",
        "Adopted": "Adoption is on record for it.",
        "Left": "",
    }
    assert set(Entry.objects.values_list("slug", flat=True)) == {"touched", "adopted"}


def test_undoing_adoption_leaves_what_was_verified(network: Any, editor: Any, published: Any) -> None:
    trusts = [TrustFactory(code=code) for code in ("RA1", "RA2", "RA3")]
    AdoptionRecord.objects.create(entry=published, organisation=trusts[2], stage="adopted", on="2024", said_by="Before")
    rows = [["night-rota", code, "Adopted", "2024", "Nurse"] for code in ("RA1", "RA2", "RA3")]
    batch = apply(upload(lines(ADOPTION, *rows), network=network, by=editor, name="adoption.csv"))
    AdoptionRecord.objects.filter(organisation=trusts[0]).update(verified_at=timezone.now())
    batch = undo(batch)
    assert {row.organisation.code: row.said_by for row in AdoptionRecord.objects.all()} == {
        "RA1": "Nurse",
        "RA3": "Before",
    }
    assert [change.kept_because for change in batch.changes.exclude(kept_because="")] == ["It was verified since."]


def test_after_thirty_days_a_batch_stays(network: Any, editor: Any) -> None:
    apply(upload(lines(ENTRIES, ["new", "New", ""]), network=network, by=editor))
    ImportBatch.objects.update(applied_at=timezone.now() - timedelta(days=31))
    with pytest.raises(ImportRefused, match="more than 30 days ago"):
        services.ask_to_undo(batch=ImportBatch.objects.get(), by=editor)


# --- round trip ----------------------------------------------------------------------------------


@pytest.fixture
def everything(network: Any, published: Any, england: Any) -> list[Any]:
    """Entries of both kinds with every sort of child, texts that look like formulas, and a draft that differs."""
    study = CaseStudyFactory(
        title="=SUM(A1)", slug="sums", owner_network=network, summary="+1, “quoted”\nand two lines"
    )
    ParticipantFactory(case_study=study, name="@Trust; and another", role="-lead")
    LearningPointFactory(case_study=study, kind="barrier", barrier_kind="data", text="'=apostrophe")
    ClaimFactory(entry=study, statement="|pipe %")
    study.innovations_used = [published]
    study = type(study).objects.get(pk=study.pk)
    study.innovations_used = [published]
    publish(study)
    figure = published.figures.get()
    add_figure(
        published,
        key="again",
        measure=MeasureFactory(unit="GBP"),
        value="70.44",
        low="60",
        high="80.5",
        place=england,
        restates=figure.public_id,
        period_kind="cumulative",
        period_start=None,
        evidence=figure.evidence,
        price_year=2024,
        attribution_share="0.25",
        population_size=12,
    )
    AdoptionRecord.objects.create(
        entry=published, organisation=TrustFactory(), stage="stopped", on="2024-03-02", stop_reason="cost", said_by="x"
    )
    draft = draft_of(type(published).objects.get(pk=published.pk))
    draft.caveats = "\t=2+2"
    draft.save_revision(clean=False)
    return [study, published]


def test_our_own_workbook_comes_back_without_a_difference(network: Any, editor: Any, everything: Any) -> None:
    book = writing.workbook_of(writing.rows_of(network, editor), Known(editor))
    batch = upload(book, network=network, by=editor, name="rows.xlsx")
    rows = [(row.title, row.state, row.changes, row.problems) for row in batch.rows.all()]
    assert [row for row in rows if row[1] != "unchanged"] == []
    assert len(rows) == 9


def test_our_own_csv_comes_back_without_a_difference(network: Any, editor: Any, everything: Any) -> None:
    for table in TABLES:
        text = "".join(writing.csv_of(table, writing.rows_of(network, editor)))
        batch = upload(text, network=network, by=editor, name=f"{table.key}.csv")
        rows = [(row.title, row.state, row.changes, row.problems) for row in batch.rows.all()]
        assert [row for row in rows if row[1] != "unchanged"] == [], table.key
        assert rows, table.key
        batch.delete()


def test_a_cell_can_be_emptied_and_an_empty_one_leaves_what_is_there(network: Any, editor: Any, published: Any) -> None:
    type(published).objects.filter(pk=published.pk).update(caveats="Once.")
    publish(type(published).objects.get(pk=published.pk))
    text = lines([*ENTRIES, "Caveats"], ["night-rota", "", "", "(empty)"])
    apply(upload(text, network=network, by=editor))
    draft = draft_of(Entry.objects.get())
    assert (draft.caveats, draft.summary, draft.title) == ("", published.summary, "Night rota")


# --- columns -------------------------------------------------------------------------------------


def test_unknown_headings_are_asked_about_once_a_network(network: Any, editor: Any) -> None:
    text = lines(["Address", "What we call it", "Summary", "Our reference"], ["rota", "Rota", "Words.", "17"])
    batch = upload(text, network=network, by=editor)
    assert (batch.state, batch.sheets[0]["columns"]) == ("columns", ["address", "", "summary", ""])
    matches = {0: ("innovations", ["address", "title", "summary", ""])}
    services.match_columns(batch=batch, matches=matches, by=editor)
    assert states(work_on(batch)) == ["new"]
    assert upload(text, network=network, by=editor).state == "checked", "what was said is remembered"
    other = NetworkRoleFactory(role="editor")
    assert upload(text, network=other.network, by=other.user).state == "columns", "for that network alone"


def test_columns_that_are_not_enough_are_refused_with_the_reason(network: Any, editor: Any) -> None:
    batch = upload(lines(["Title", "Words"], ["Rota", "x"]), network=network, by=editor, name="innovations.csv")
    for columns, reason in ((["", ""], "address or the title"), (["title", "title"], "Two headings")):
        with pytest.raises(ImportRefused, match=reason):
            services.match_columns(batch=batch, matches={0: ("innovations", columns)}, by=editor)


def test_put_aside_removes_only_what_changed_nothing(network: Any, editor: Any) -> None:
    batch = upload(lines(ENTRIES, ["new", "New", ""]), network=network, by=editor)
    apply(batch)
    with pytest.raises(ImportRefused, match="Undo it instead"):
        services.put_aside(batch=batch, by=editor)
    other = upload(lines(ENTRIES, ["newer", "Newer", ""]), network=network, by=editor)
    services.put_aside(batch=other, by=editor)
    assert list(ImportBatch.objects.all()) == [batch]
    assert not ImportRow.objects.filter(batch=other.pk).exists()

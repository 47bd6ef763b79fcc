"""The rows of one entry, read into its draft in memory: its own, what hangs on it, and who has taken it up."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.models import WorkflowState

from portal.accounts.permissions import Action, may
from portal.adoption.models import AdoptionRecord
from portal.catalogue.models import Entry, EntryEvidence
from portal.editing.services import draft_of
from portal.evidence.models import Evidence
from portal.exchange.imports.columns import PartialDay, heading_key
from portal.exchange.imports.judging import broken, name_of, says, unread, verified
from portal.exchange.imports.lines import OF_SOURCE, Line, State, key_of_figure, key_of_source, part
from portal.exchange.imports.tables import ADOPTION, CHILDREN, EMPTY, ENTRY_KEY, FIGURES, KINDS, SOURCES, Table, problem
from portal.exchange.loading.entries import figure_id

if TYPE_CHECKING:
    from portal.exchange.imports.planning import Planner

NAMING_FIGURES = frozenset({"restates", "supersedes", "contradicts"})
CITING = ("figures", "evidence_links")
USUAL_OF_A_FIGURE = {"achievement": "achieved", "role": "", "basis": "", "period_kind": "", "value": None}


@dataclass
class Plan:
    """One entry with what the file says of it."""

    slug: str
    entry: Entry | None = None
    draft: Any = None
    is_new: bool = False
    is_changed: bool = False
    records: list[AdoptionRecord] = field(default_factory=list)
    records_before: dict[int, AdoptionRecord] = field(default_factory=dict)

    @property
    def pk(self) -> int | None:
        key: int | None = self.draft.pk if self.draft is not None else None
        return key


class Reading:
    """The reading of one entry's rows."""

    def __init__(self, planner: "Planner", slug: str, lines: Sequence[Line], entry: Entry | None, records: Any) -> None:
        self.planner, self.known = planner, planner.known
        self.lines, self.entry, self.records = lines, entry, records
        self.plan = Plan(slug, entry)
        self.met_records: dict[tuple[Any, ...], int] = {}
        self.why_not: tuple[str, str] | None = None
        self.why_unchanged: tuple[str, str] | None = None
        """Why the entry itself stays as it is; its rows are read all the same, as they may say what stands there."""

    def read(self) -> Plan:
        own = [line for line in self.lines if line.table in KINDS]
        self._begin(own[0] if own else None)
        if self.plan.draft is None or self.why_not:
            self._refuse_all()
            return self.plan
        self.known.begin_figures(self.plan.draft, (key_of_figure(line) for line in self._of(FIGURES)))
        if own:
            self._read_entry(own[0])
        for line in own[1:]:
            self._refuse(
                line, "", "Another row is of the same entry.", f"Keep one of this row and row {own[0].row.number}."
            )
        if own and self.plan.is_new and own[0].row.state == State.WRONG:
            self.why_not = (
                "Its entry can’t be made.",
                f"Mend row {own[0].row.number} of “{own[0].table.sheet}” first.",
            )
            self._refuse_all(but=own)
            return self.plan
        for table in CHILDREN:
            self._read_children(table)
        for line in self._of(ADOPTION):
            self._read_record(line)
        if self.why_unchanged:
            self._refuse_changes(*self.why_unchanged)
        return self.plan

    def _of(self, table: Table) -> list[Line]:
        return [line for line in self.lines if line.table is table]

    # --- the entry ------------------------------------------------------------------------

    def _begin(self, line: Line | None) -> None:
        """Find the draft that the rows are about, or begin one; say why not where that may not be."""
        entry = self.entry
        if entry is not None and line and not line.cells.get("address") and not self._is_named(entry, line):
            self._begin_new(line)  # the address that its title would make is another's
            return
        if entry is None:
            if line is None:
                name = self.plan.slug or "(no address)"
                self.why_not = (
                    f"There is no entry with the address “{name}” here or in this file.",
                    "Write its address.",
                )
            else:
                self._begin_new(line)
            return
        if not self._may_read(entry):
            return
        self.why_unchanged = self._why_unchanged(entry)
        if line and not isinstance(entry.specific, line.table.model):
            self.why_not = (
                "An entry of the other kind has this address.",
                "Move the row to that kind’s sheet, or change its address.",
            )
            return
        self.plan.draft = draft_of(entry)
        self.plan.draft.owner_network = self.planner.network
        for name in CITING:
            rows = list(getattr(self.plan.draft, name).all())
            for row in rows:
                row.evidence = self.known.lists["sources"].get(row.evidence_id)
                if hasattr(row, "measure_id"):
                    row.measure = self.known.lists["measures"].get(row.measure_id)
            setattr(self.plan.draft, name, rows)

    def _is_named(self, entry: Entry, line: Line) -> bool:
        """Say whether a row without an address is of this entry: its own network's, by its title."""
        is_own = entry.owner_network_id == self.planner.network.pk
        titles = {entry.title, draft_of(entry).title} if is_own else ()
        return heading_key(line.cells.get("title", "")) in {heading_key(title) for title in titles}

    def _may_read(self, entry: Entry) -> bool:
        person, network = self.planner.person, self.planner.network
        if entry.owner_network_id == network.pk and may(person, Action.VIEW, entry):
            return True
        name = f"“{entry.title}”" if entry.live else "another entry"
        self.why_not = (
            f"The address belongs to {name}, which is not {network.display_name}’s.",
            "Choose another address.",
        )
        return False

    def _why_unchanged(self, entry: Entry) -> tuple[str, str] | None:
        person = self.planner.person
        if not may(person, Action.CHANGE, entry):
            return "Your role does not change this entry.", "Ask an editor of your network to import it."
        if getattr(entry, "workflow_status", None) == WorkflowState.STATUS_IN_PROGRESS:
            return "Its draft was submitted and waits for a decision.", "Let it be decided, or take it back first."
        if entry.locked and entry.locked_by_id != person.pk:
            return "Somebody has locked it.", "Ask whoever locked it to unlock it."
        return None

    def _begin_new(self, line: Line) -> None:
        slug = self.plan.slug
        if not slug:
            self.why_not = ("It has neither an address nor a title.", "Write the title.")
            return
        if self.entry is not None:
            slug = f"{slug[:90]}-{uuid4().hex[:6]}"
        draft = line.table.model(slug=slug, title="", summary="", owner_network=self.planner.network, live=False)
        draft.kind = draft.kind_of_entry
        draft.has_unpublished_changes = True
        for relation in get_all_child_relations(draft):
            setattr(draft, relation.get_accessor_name(), [])
        for relation in get_all_child_m2m_relations(draft):
            setattr(draft, relation.name, [])
        self.plan.draft, self.plan.is_new = draft, True

    def _read_entry(self, line: Line) -> None:
        draft, title = self.plan.draft, line.cells.get("title", "")
        cells = {key: text for key, text in line.cells.items() if key != "address"}
        problems, changes = self._fill(line.table, draft, cells)
        problems += broken(draft, exclude={"summary", *unread(line.table, problems)})
        if self.plan.is_new:
            same = self.planner.lookalikes.of(draft, [row.name for row in draft.other_names.all()])
            line.tell(State.DUPLICATE if same else State.NEW, title, problems=problems, same_as=same)
            self.planner.lookalikes.add(draft, line.row.number)
        else:
            line.tell(State.CHANGED if changes else State.UNCHANGED, draft.title, problems=problems, changes=changes)
        self._count(line)

    def _fill(
        self, table: Table, instance: Any, cells: Mapping[str, str]
    ) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        """Put cells into a row that is there or begins; return the problems, and what differs from before."""
        before = table.texts(instance, self.known, cells)
        # What stands there already is not read again: a name with a semicolon stays as it is.
        told = {key: text for key, text in cells.items() if text and text != before.get(key)}
        problems = table.read(instance, told, self.known)
        after = table.texts(instance, self.known, cells)
        changes = [
            {"column": table.by_key[key].label, "before": before[key], "after": after[key]}
            for key in before
            if before[key] != after[key]
        ]
        return problems, changes

    # --- what hangs on it -----------------------------------------------------------------

    def _read_children(self, table: Table) -> None:
        lines = self._of(table)
        if not lines:
            return
        if not hasattr(self.plan.draft, table.relation):
            for line in lines:
                self._refuse(
                    line, "", f"A {table.one} belongs to case studies alone.", "Take the row out, or name a case study."
                )
            return
        rows = list(getattr(self.plan.draft, table.relation).all())
        places = {table.identity(table.texts(row, self.known, table.known_by)): place for place, row in enumerate(rows)}
        met: dict[tuple[str, ...], int] = {}
        for line in lines:
            self._read_child(table, line, rows, places, met)
        for place, row in enumerate(rows):
            row.sort_order = place
        setattr(self.plan.draft, table.relation, rows)

    def _read_child(
        self, table: Table, line: Line, rows: list[Any], places: dict[Any, int], met: dict[Any, int]
    ) -> None:
        cells = {key: text for key, text in line.cells.items() if key != ENTRY_KEY}
        child, cells, problems = self._child_for(table, line, cells)
        identity = table.identity(table.texts(child, self.known, table.known_by))
        place = places.get(identity)
        if place is not None:
            child = copy(rows[place])
        more, changes = self._fill(table, child, cells)
        problems = [*problems, *more]
        problems += broken(child, exclude=unread(table, problems))
        title = name_of(table, child)
        if first := met.get(identity):
            problems.append(problem("", title, f"Row {first} says the same {table.one}.", "Keep one of the two rows."))
        met[identity] = line.row.number
        same = "" if place is not None else self._same_child(table, child, rows)
        state = (
            State.DUPLICATE if same else State.NEW if place is None else State.CHANGED if changes else State.UNCHANGED
        )
        line.tell(state, title, problems=problems, changes=changes if place is not None else (), same_as=same)
        if line.row.state == State.WRONG:
            return
        if place is None:
            places[identity] = len(rows)
            rows.append(child)
        else:
            rows[place] = child
        self._count(line)

    def _child_for(
        self, table: Table, line: Line, cells: dict[str, str]
    ) -> tuple[Any, dict[str, str], list[dict[str, str]]]:
        """Begin a child with what tells which it is; return it, the cells still to read, and the problems so far."""
        problems: list[dict[str, str]] = []
        if table is FIGURES:
            key = key_of_figure(line)
            child = table.model(public_id=figure_id(self.plan.draft.slug, key), key=key, **USUAL_OF_A_FIGURE)
            return child, cells, problems
        if table is SOURCES:
            return self._link_for(line, cells)
        child = table.model()
        table.resource.import_instance(
            child, part(cells, [key for key in table.known_by if cells.get(key)]), known=self.known, problems=[]
        )
        return child, cells, problems

    def _link_for(self, line: Line, cells: dict[str, str]) -> tuple[Any, dict[str, str], list[dict[str, str]]]:
        """Begin the citing of a source. A source that is here already is not changed by a file: others cite it too."""
        key = key_of_source(line)
        source = self.planner.source_of(line, key) if key else None
        link = EntryEvidence(evidence=source or Evidence(key=key))
        told = {name: text for name, text in part(cells, OF_SOURCE).items() if text and name != "source"}
        if source is not None and source.pk > 0:
            before = SOURCES.texts(link, self.known, told)
            differing = [name for name, text in told.items() if not says(SOURCES, name, text, before[name], self.known)]
            problems = [
                problem(
                    SOURCES.by_key[name].label,
                    told[name],
                    f"The source “{source.key}” is here already and says “{before[name][:80]}”.",
                    "Empty the cell, or correct the source on its own page: others cite it too.",
                )
                for name in differing
            ]
        else:
            scratch = EntryEvidence(evidence=Evidence(key=key))
            problems = SOURCES.read(scratch, told, self.known)
            if not (source and source.title):
                problems.append(
                    problem(
                        "Title",
                        "",
                        "It is empty.",
                        "Write the source’s title, or the key, DOI or address of one that is here.",
                    )
                )
        return link, {name: text for name, text in cells.items() if name not in OF_SOURCE}, problems

    def _same_child(self, table: Table, child: Any, rows: Sequence[Any]) -> str:
        """Say which other row of the entry this new one may repeat, if any."""
        if table is not FIGURES or child.measure_id is None:
            return ""
        for row in rows:
            alike = ("measure_id", "value", "period_kind", "period_start", "period_end", "place_id", "basis", "role")
            if all(getattr(row, name) == getattr(child, name) for name in alike):
                return f"The figure “{row.label}” ({row.key}) has the same measure, value, period, place and basis."
        return ""

    # --- adoption -------------------------------------------------------------------------

    def _read_record(self, line: Line) -> None:
        record = AdoptionRecord()
        problems = ADOPTION.read(record, line.cells, self.known)
        title = name_of(ADOPTION, record) if record.organisation_id else line.cells.get("organisation", "")
        entry = self.plan.draft
        if not may(self.planner.person, Action.RECORD_ADOPTION, entry):
            problems.append(
                problem(
                    "Entry",
                    line.cells.get(ENTRY_KEY, ""),
                    "Your role does not record adoption here.",
                    "Ask an editor of its network.",
                )
            )
        if problems:
            line.tell(State.WRONG, title, problems=problems)
            return
        key = (self._who, record.organisation_id, record.stage, record.on)
        if first := self.met_records.get(key):
            problems.append(problem("", title, f"Row {first} says the same record.", "Keep one of the two rows."))
        self.met_records[key] = line.row.number
        before, same = self.records.get(key), ""
        changes: list[dict[str, str]] = []
        if before is not None and not problems:
            record = copy(before)
            more, changes = self._fill(ADOPTION, record, line.cells)
            problems += more
            if changes and before.verified_at:
                problems.append(verified(before, title))
            self.plan.records_before[before.pk] = before
        elif before is None:
            same = self._same_record(record)
            if not record.on:
                problems.append(problem("When", "", EMPTY, PartialDay.FIX))
        problems += broken(record, exclude=unread(ADOPTION, problems))
        state = (
            State.DUPLICATE if same else State.NEW if before is None else State.CHANGED if changes else State.UNCHANGED
        )
        line.tell(state, title, problems=problems, changes=changes, same_as=same)
        if line.row.state in (State.NEW, State.CHANGED, State.DUPLICATE):
            self.plan.records.append(record)

    @property
    def _who(self) -> Any:
        return self.plan.pk or self.plan.slug

    def _same_record(self, record: AdoptionRecord) -> str:
        """Say which record has the same stage on a date that may be the same: one begins as the other does."""
        for (entry, organisation, stage, on), other in self.records.items():
            is_same = (entry, organisation, stage) == (self._who, record.organisation_id, record.stage)
            if is_same and other is not record and (on.startswith(record.on) or record.on.startswith(on)):
                return f"It is on record for {on or 'a day not stated'} already."
        return ""

    # --- telling --------------------------------------------------------------------------

    def _count(self, line: Line) -> None:
        if line.row.state in (State.NEW, State.CHANGED, State.DUPLICATE):
            self.plan.is_changed = True

    def _refuse(self, line: Line, column: str, text: str, fix: str) -> None:
        """Say why a row can't be taken whatever its other cells say, and what is wrong with those too."""
        told = problem(column, line.cells.get("address" if line.table in KINDS else ENTRY_KEY, ""), text, fix)
        cells = {key: value for key, value in line.cells.items() if key not in NAMING_FIGURES}
        scratch = line.table.model()
        if line.table is SOURCES:
            scratch.evidence = Evidence()
        others = [item for item in line.table.read(scratch, cells, self.known) if item["problem"] != EMPTY]
        line.tell(State.WRONG, line.cells.get("title") or line.slug, problems=[told, *others])

    def _refuse_all(self, but: Sequence[Line] = ()) -> None:
        text, fix = self.why_not or ("It can’t be read.", "Look at the row again.")
        for line in self.lines:
            if line not in but:
                self._refuse(line, _naming_column(line), text, fix)
        self.plan.is_changed = False

    def _refuse_changes(self, text: str, fix: str) -> None:
        """Refuse the rows that would change the entry; those that say what stands there, and adoption, are left."""
        for line in self.lines:
            if line.table is not ADOPTION and line.row.state != State.UNCHANGED:
                name = line.cells.get("address" if line.table in KINDS else ENTRY_KEY, "")
                told = problem(_naming_column(line), name, text, fix)
                line.tell(State.WRONG, line.row.title, problems=[told, *line.row.problems])
        self.plan.is_changed = False


def _naming_column(line: Line) -> str:
    return "Address" if line.table in KINDS else "Entry"

"""The rows of one entry, read into its draft in memory: its own, and what hangs on it."""

from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.models import WorkflowState

from portal.accounts.permissions import Action, may
from portal.catalogue.models import Entry, EntryEvidence
from portal.editing.services import draft_of
from portal.evidence.models import Evidence
from portal.exchange.imports.columns import heading_key
from portal.exchange.imports.judging import broken, fill, name_of, says, unread
from portal.exchange.imports.lines import OF_SOURCE, Line, State, key_of_figure, key_of_source, part, state_of
from portal.exchange.imports.plans import Plan
from portal.exchange.imports.record_rows import RecordReading
from portal.exchange.imports.tables import ADOPTION, CHILDREN, EMPTY, FIGURES, KINDS, SOURCES, Table, problem
from portal.exchange.loading.entries import figure_id

if TYPE_CHECKING:
    from portal.exchange.imports.planning import Planner

NAMING_FIGURES = frozenset({"restates", "supersedes", "contradicts"})
CITING = ("figures", "evidence_links")
USUAL_OF_A_FIGURE = {"achievement": "achieved", "role": "", "basis": "", "period_kind": "", "value": None}


class Reading:
    """The reading of one entry's rows."""

    def __init__(self, planner: "Planner", slug: str, lines: Sequence[Line], entry: Entry | None, records: Any) -> None:
        self.planner, self.known = planner, planner.known
        self.lines, self.entry, self.records = lines, entry, records
        self.plan = Plan(slug, entry)
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
            fix = f"Keep one of this row and row {own[0].row.number}."
            self._refuse(line, problem("", line.entry_named, "Another row is of the same entry.", fix))
        if own and self.plan.is_new and own[0].row.state == State.WRONG:
            self.why_not = (
                "Its entry can’t be made.",
                f"Mend row {own[0].row.number} of “{own[0].table.sheet}” first.",
            )
            self._refuse_all(but=own)
            return self.plan
        for table in CHILDREN:
            self._read_children(table)
        adoption = RecordReading(self.planner, self.plan, self.records)
        for line in self._of(ADOPTION):
            adoption.read(line)
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
        cells = {key: text for key, text in line.cells.items() if key != line.naming}
        problems, changes = fill(line.table, draft, cells, self.known)
        problems += broken(draft, exclude={"summary", *unread(line.table, problems)})
        if self.plan.is_new:
            same = self.planner.lookalikes.of(draft, [row.name for row in draft.other_names.all()])
            line.tell(State.DUPLICATE if same else State.NEW, title, problems=problems, same_as=same)
            self.planner.lookalikes.add(draft, line.row.number)
        else:
            line.tell(State.CHANGED if changes else State.UNCHANGED, draft.title, problems=problems, changes=changes)
        self._count(line)

    # --- what hangs on it -----------------------------------------------------------------

    def _read_children(self, table: Table) -> None:
        lines = self._of(table)
        if not lines:
            return
        if not hasattr(self.plan.draft, table.relation):
            text, fix = f"A {table.one} belongs to case studies alone.", "Take the row out, or name a case study."
            for line in lines:
                self._refuse(line, problem("", line.entry_named, text, fix))
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
        cells = {key: text for key, text in line.cells.items() if key != line.naming}
        child, cells, problems = self._child_for(table, line, cells)
        identity = table.identity(table.texts(child, self.known, table.known_by))
        place = places.get(identity)
        if place is not None:
            child = copy(rows[place])
        more, changes = fill(table, child, cells, self.known)
        problems = [*problems, *more]
        problems += broken(child, exclude=unread(table, problems))
        title = name_of(table, child)
        if first := met.get(identity):
            problems.append(problem("", title, f"Row {first} says the same {table.one}.", "Keep one of the two rows."))
        met[identity] = line.row.number
        same = "" if place is not None else self._same_child(table, child, rows)
        state = state_of(is_new=place is None, changes=changes, same_as=same)
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

    # --- telling --------------------------------------------------------------------------

    def _count(self, line: Line) -> None:
        if line.row.state in (State.NEW, State.CHANGED, State.DUPLICATE):
            self.plan.is_changed = True

    def _refuse(self, line: Line, told: dict[str, str]) -> None:
        """Say why a row can't be taken whatever its other cells say, and what is wrong with those too."""
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
                self._refuse(line, _of_its_entry(line, text, fix))
        self.plan.is_changed = False

    def _refuse_changes(self, text: str, fix: str) -> None:
        """Refuse the rows that would change the entry; those that say what stands there, and adoption, are left."""
        for line in self.lines:
            if line.table is not ADOPTION and line.row.state != State.UNCHANGED:
                told = _of_its_entry(line, text, fix)
                line.tell(State.WRONG, line.row.title, problems=[told, *line.row.problems])
        self.plan.is_changed = False


def _of_its_entry(line: Line, text: str, fix: str) -> dict[str, str]:
    return problem(line.table.by_key[line.naming].label, line.entry_named, text, fix)

"""The rows that say who has taken an entry up, read against the records there are."""

from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING, Any

from portal.accounts.permissions import Action, may
from portal.adoption.models import AdoptionRecord
from portal.exchange.imports.columns import PartialDay
from portal.exchange.imports.judging import broken, fill, name_of, unread, verified
from portal.exchange.imports.lines import Line, State, state_of
from portal.exchange.imports.plans import Plan
from portal.exchange.imports.tables import ADOPTION, EMPTY, problem

if TYPE_CHECKING:
    from portal.exchange.imports.planning import Planner


class RecordReading:
    """The reading of one entry's adoption rows into its plan; `records` are those there are, by what tells which."""

    def __init__(self, planner: "Planner", plan: Plan, records: Mapping[tuple[Any, ...], AdoptionRecord]) -> None:
        self.person, self.known, self.plan, self.records = planner.person, planner.known, plan, records
        self.met: dict[tuple[Any, ...], int] = {}

    def read(self, line: Line) -> None:
        record = AdoptionRecord()
        problems = ADOPTION.read(record, line.cells, self.known)
        title = name_of(ADOPTION, record) if record.organisation_id else line.cells.get("organisation", "")
        if not may(self.person, Action.RECORD_ADOPTION, self.plan.draft):
            text, fix = "Your role does not record adoption here.", "Ask an editor of its network."
            problems.append(problem("Entry", line.entry_named, text, fix))
        if problems:
            line.tell(State.WRONG, title, problems=problems)
            return
        key = (self._who, record.organisation_id, record.stage, record.on)
        if first := self.met.get(key):
            problems.append(problem("", title, f"Row {first} says the same record.", "Keep one of the two rows."))
        self.met[key] = line.row.number
        before, same = self.records.get(key), ""
        changes: list[dict[str, str]] = []
        if before is not None and not problems:
            record = copy(before)
            more, changes = fill(ADOPTION, record, line.cells, self.known)
            problems += more
            if changes and before.verified_at:
                problems.append(verified(before, title))
            self.plan.records_before[before.pk] = before
        elif before is None:
            same = self._same_record(record)
            if not record.on:
                problems.append(problem("When", "", EMPTY, PartialDay.FIX))
        problems += broken(record, exclude=unread(ADOPTION, problems))
        state = state_of(is_new=before is None, changes=changes, same_as=same)
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

"""What the address of an adoption page asks: a day, a kind of organisation, a place and a stage."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.utils import timezone

from portal.adoption.kept import Known, Organisations
from portal.adoption.models import Stage
from portal.adoption.reading import GROUPS, Group, Kind

EARLIEST = date(2010, 1, 1)
PLACE_KINDS = (Kind.REGION, Kind.ICB, Kind.NETWORK)
UNCONFIRMED = "unconfirmed"
STAGE_NAMES = {value: str(label) for value, label in Stage.choices} | {UNCONFIRMED: "Not confirmed in time"}


class Problem(NamedTuple):
    """A part of the question that can't be answered, and what would do."""

    field: str
    problem: str
    fix: str

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}. {self.fix}"


@dataclass(frozen=True)
class Asked:
    day: date
    group: Group | None = None
    place: Known | None = None
    stage: str = ""
    problems: tuple[Problem, ...] = ()

    def parameters(self) -> dict[str, str]:
        """Return what the question says beyond the default one."""
        said = {
            "as_at": "" if self.day == timezone.localdate() else self.day.isoformat(),
            "kind": self.group.key if self.group else "",
            "place": self.place.code if self.place else "",
            "stage": self.stage,
        }
        return {name: value for name, value in said.items() if value}

    def address(self, **other: Any) -> str:
        """Return the query string of this question, with something changed."""
        said = replace(self, **other).parameters()
        return f"?{urlencode(said)}" if said else ""


def read_question(query: Mapping[str, str], organisations: Organisations) -> Asked:
    """Read a question; what can't be answered is left out and said in `problems`."""
    reader = _Reader(query, organisations)
    asked = Asked(reader.day(), reader.group(), reader.place(), reader.stage())
    return replace(asked, problems=tuple(reader.problems))


class _Reader:
    def __init__(self, query: Mapping[str, str], organisations: Organisations) -> None:
        self._query, self._organisations = query, organisations
        self.problems: list[Problem] = []

    def _said(self, field: str) -> str:
        return self._query.get(field, "").replace("\x00", "").strip()[:40]

    def _refuse(self, field: str, problem: str, fix: str) -> None:
        self.problems.append(Problem(field, problem, fix))

    def day(self) -> date:
        said, today = self._said("as_at"), timezone.localdate()
        if not said:
            return today
        try:
            day = date.fromisoformat(said)
        except ValueError:
            self._refuse("as_at", f"“{said}” is not a day", "Write one as 2026-03-31.")
            return today
        if not EARLIEST <= day <= today:
            self._refuse("as_at", f"“{said}” is not a day we can tell of", f"Choose one from {EARLIEST} to {today}.")
            return today
        return day

    def group(self) -> Group | None:
        said = self._said("kind")
        if said and said not in GROUPS:
            self._refuse("kind", f"there is no kind “{said}”", f"Choose one of {', '.join(GROUPS)}.")
        return GROUPS.get(said)

    def place(self) -> Known | None:
        said = self._said("place").upper()
        known = {row.code.upper(): row for row in self._organisations.by_pk.values() if row.kind in PLACE_KINDS}
        if said and said not in known:
            fix = "Choose the code of an NHS region, a board or a network, as in Y62."
            self._refuse("place", f"there is no place “{said}”", fix)
        return known.get(said)

    def stage(self) -> str:
        said = self._said("stage")
        if said and said not in STAGE_NAMES:
            self._refuse("stage", f"there is no stage “{said}”", f"Choose one of {', '.join(STAGE_NAMES)}.")
        return said if said in STAGE_NAMES else ""

"""Small worlds for the ledger: figures of places that merge and split, which often collide.

There are few places, periods, entries and values on purpose: most figures then share a key, ground
and time with another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import combinations, product
from typing import Any

from hypothesis import strategies as st

from portal.benefits.calculations import Candidate, Ledger, MeasureRule, Question, Setting, work_out
from tests.organisations.maps import BOARDS, DAY, ENGLAND, PLACES, TRUSTS, Map, maps

HOURS, POUNDS, RATIO = "hours-released", "agency-spend-saved", "staff-per-patient"
MEASURES = {
    HOURS: MeasureRule("hours", additive=True),
    POUNDS: MeasureRule("GBP", additive=True, price_year=2022),
    RATIO: MeasureRule("ratio", additive=False),
}
PRICES = {2020: Decimal(100), 2022: Decimal("110.3")}
GONE = "gone"
"""The id of a figure that is not, or no longer, there."""


@dataclass(frozen=True)
class World:
    """A map, the figures told of it and a question."""

    map: Map
    figures: tuple[Candidate, ...]
    question: Question
    prices: Mapping[int, Decimal]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Tell a failing example by what is not as by default."""
        rows = [*self.map.memberships, *self.map.successions, *(area for area in self.map.areas if area.closed)]
        told = [_told_briefly(figure) for figure in self.figures]
        printer.text("\n".join(["", f"as at {self.map.as_at}, {self.question}", *map(str, rows), *told]))

    @cached_property
    def setting(self) -> Setting:
        return Setting(MEASURES, self.map.places(), self.prices)

    def ledgers(self, figures: Iterable[Candidate] | None = None) -> dict[str, Ledger]:
        """Work out these figures, or all of the world's own."""
        return work_out(self.figures if figures is None else figures, self.question, self.setting)


def _told_briefly(figure: Candidate) -> str:
    usual = Candidate._field_defaults
    return str({name: str(value) for name, value in figure._asdict().items() if value != usual.get(name, ...)})


def _during(start: date, end: date) -> dict[str, Any]:
    return {"period_kind": "during", "start": start, "end": end}


PERIODS: list[dict[str, Any]] = [
    _during(date(2021, 4, 1), date(2022, 3, 31)),
    _during(date(2022, 4, 1), date(2023, 3, 31)),
    _during(date(2021, 4, 1), date(2023, 3, 31)),
    _during(date(2021, 10, 1), date(2022, 9, 30)),
    _during(date(2022, 3, 31), date(2022, 4, 1)),
    _during(date(2023, 4, 1), date(2024, 3, 31)),
    {"period_kind": "cumulative", "end": date(2022, 3, 31)},
    {"period_kind": "cumulative", "end": date(2023, 3, 31)},
    {"period_kind": "cumulative", "start": date(2021, 4, 1), "end": date(2022, 12, 31)},
    {"period_kind": "as_at", "end": date(2022, 3, 31)},
    {"period_kind": "as_at", "end": date(2023, 3, 31)},
]
SHORT_PERIODS = [
    _during(date(2021, 4, 1) + number * 30 * DAY, date(2021, 4, 1) + (number + months) * 30 * DAY - DAY)
    for number in range(12)
    for months in (1, 1, 2)
]
FAULTS: list[dict[str, Any]] = [
    *[{"role": role} for role in ("baseline", "outturn", "target", "input", "context")],
    {"achievement": "potential"},
    {"qualifier": "up_to"},
    {"basis": "modelled"},
    {"basis": "not_stated"},
    {"published": False},
    {"place": None},
    {"period_kind": "not_stated", "start": None, "end": None},
    *[{"per": per} for per in ("year", "month", "trust")],
    {"measure": RATIO},
]
SOME_FAULTS = [*[{}] * len(FAULTS) * 8, *FAULTS, *[one | other for one, other in combinations(FAULTS, 2)][::5]]
VALUES = [
    *[{"value": Decimal(text)} for text in ("0", "1", "6", "8", "10", "0.3333", "-2")],
    {"value": Decimal(10), "low": Decimal(9), "high": Decimal(14)},
    {"value": Decimal("7.77"), "low": Decimal(0), "high": Decimal(8)},
]


def _every(**choices: Sequence[Any]) -> list[dict[str, Any]]:
    """Return each combination of these fields' values."""
    return [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]


# Whole rows are drawn from tables, and strategies are built once: both are a good deal quicker.
AMOUNTS = [
    *[{"measure": HOURS}] * 8,
    *_every(measure=[POUNDS], price_year=[None, 2020, 2022, 2024]),
]
KEYS = _every(entry=[1, 2, 3, 4], family=["", "", "e-rostering"], overlap_group=["", "", "bank-shifts", "passports"])
WORDS = _every(qualifier=["exact", "exact", "about", "more_than"], gross_or_net=["", "gross", "net"])
SOURCES = _every(strength=[0, 1], source_date=["", "2022", "2022-05", "2022-05-01", "2023"], source=[1, 2])
ONE_GROUP = _every(measure=[HOURS], overlap_group=["bank-shifts"], entry=range(1, 31), gross_or_net=["", "net"])
TRUSTS_OFTEN = [{"place": place} for place in (*PLACES, *BOARDS, *TRUSTS, *TRUSTS)]


def _rows_of(*tables: Sequence[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return the fields of one figure, with a row of each table; later tables win."""
    rows = st.tuples(*(st.sampled_from(table) for table in tables))
    return rows.map(lambda parts: {name: value for part in parts for name, value in part.items()})


figures_of_every_sort = _rows_of(AMOUNTS, KEYS, WORDS, SOURCES, _every(place=PLACES), VALUES, PERIODS, SOME_FAULTS)
figures_of_one_group = _rows_of(ONE_GROUP, SOURCES, TRUSTS_OFTEN, VALUES, [*SHORT_PERIODS, *PERIODS])
A_FEW = st.lists(figures_of_every_sort, min_size=3, max_size=12)
A_FEW_MORE = st.lists(figures_of_every_sort, max_size=2)
MANY = st.lists(figures_of_one_group, min_size=10, max_size=22)
LINKS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=4)
"""Which of the first figures names which; the last one isn't there."""


def _told(
    rows: Sequence[Mapping[str, Any]], restating: Iterable[tuple[int, int]], superseding: Iterable[tuple[int, int]]
) -> tuple[Candidate, ...]:
    """Give figures their ids, and let some restate or supersede others, or one that isn't there."""
    names = [f"figure-{number:02}" for number in range(max(len(rows), 4))]
    few = [*names[:4], GONE]
    restates = {few[one]: few[other] for one, other in restating if one != other}
    supersedes = {few[one]: few[other] for one, other in superseding if one != other}
    return tuple(
        Candidate(
            figure=name,
            **row,
            restates=_first_told(name, restates) if name in restates else None,
            supersedes=supersedes.get(name),
        )
        for name, row in zip(names, rows, strict=False)
    )


def _first_told(name: str, restates: Mapping[str, str]) -> str:
    """Follow restatements to the first; a circle is left where it would close."""
    met = [name]
    while (original := restates.get(met[-1])) and original not in met:
        met.append(original)
    return met[-1]


PERIODS_ASKED = [
    *[(None, None)] * 6,
    (date(2021, 4, 1), date(2022, 3, 31)),
    (date(2021, 4, 1), date(2023, 3, 31)),
    (None, date(2023, 3, 31)),
    (date(2022, 4, 1), None),
]

QUESTIONS = st.sampled_from(
    [
        Question(place, start, end, basis, achievement, price_year)
        for place in [*[ENGLAND] * len(PLACES), *PLACES]
        for start, end in PERIODS_ASKED
        for basis, achievement in [
            *[("observed", "achieved")] * 10,
            ("modelled", "achieved"),
            ("observed", "potential"),
        ]
        for price_year in (None, None, 2020, 2024)
    ]
)


@st.composite
def _worlds_of_few(draw: st.DrawFn) -> World:
    return World(draw(maps), _told(draw(A_FEW), draw(LINKS), draw(LINKS)), draw(QUESTIONS), PRICES)


@st.composite
def _worlds_of_many(draw: st.DrawFn) -> World:
    rows = [*draw(MANY), *draw(A_FEW_MORE)]
    return World(draw(maps), _told(rows, draw(LINKS), draw(LINKS)), Question(ENGLAND), PRICES)


worlds_of_few = _worlds_of_few()
"""Up to a dozen figures of every sort: most keys are shared by a handful."""
worlds_of_many = _worlds_of_many()
"""Figures that nearly all can be counted, more sharing one key than are compared one by one."""
worlds = worlds_of_few | worlds_of_many

"""The worked examples of docs/benefits.md: what the page says, the ledger answers."""

import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from pydantic import BaseModel, ConfigDict

from portal.benefits.calculations import (
    Candidate,
    Ledger,
    LeftOut,
    MeasureRule,
    Question,
    Reason,
    Setting,
    whole_time_equivalents,
    work_out,
    working_days,
)
from portal.exchange.periods import read_period
from portal.exchange.schema import (
    CaseStudyFile,
    EntryFile,
    FigureItem,
    InnovationFile,
    MeasureFile,
    PartialDate,
    PeriodText,
    WorkingTimeFile,
)
from portal.exchange.tables import read_tables
from portal.exchange.yaml_files import read_yaml
from portal.organisations.places import Area, LiesIn, Places

ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs" / "benefits.md"
AS_AT = date(2026, 11, 22)
THE_TEN = [
    *("erd-wessex", "south-east-agency", "additional-roles", "devon-savings", "north-west-bank"),
    *("hours-as-days", "saved-and-retained", "gross-and-net", "up-to-and-could", "price-years"),
]
# All that the ledger asks of a figure: what an example says of a real one, and what it leaves out, is as in its file.
WHAT_THE_LEDGER_SEES = {
    *("measure", "value", "low", "high", "qualifier", "per", "role", "basis", "achievement", "gross_or_net"),
    *("period", "place", "price_year", "overlap_group", "restates", "supersedes", "source"),
}


class Words(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ExpectedLeftOut(Words):
    reason: Reason
    displaced_by: str | None = None
    new_part: Decimal | None = None


class ExpectedParts(Words):
    whole: str
    parts: list[str]
    sum_of_parts: Decimal


class Expected(Words):
    """What an example says of one measure's ledger; all that it doesn't say must be empty."""

    total: Decimal
    counted: set[str]
    qualifier: str = "exact"
    left_out: dict[str, ExpectedLeftOut] = {}
    rebased: dict[str, Decimal] = {}
    different_values: list[list[str]] = []
    parts_exceed_whole: list[ExpectedParts] = []
    holds_gross_and_net: bool = False


class Asked(Words):
    place: str
    basis: str
    period: PeriodText | None = None
    achievement: str = "achieved"
    price_year: int | None = None


class QuestionAndAnswer(Words):
    question: Asked
    expect: dict[str, Expected]
    invented_price_indexes: dict[int, Decimal] = {}


class ShownAs(Words):
    hours: Decimal
    working_days: Decimal
    posts: Decimal


class StatedPair(Words):
    hours: Decimal
    working_days: Decimal
    hours_per_day: Decimal
    hours_of_those_days: Decimal


class Example(Words):
    """One block of the page; figures are written as in an entry's file."""

    example: str
    title: str
    places: dict[str, str]
    ask: list[QuestionAndAnswer]
    entry: str | None = None
    every_figure: dict[str, Any] = {}
    real: dict[str, dict[str, Any]] = {}
    invented: dict[str, dict[str, Any]] = {}
    source_dates: dict[str, PartialDate] = {}
    shown_as: ShownAs | None = None
    stated_pair: StatedPair | None = None

    def words(self, key: str) -> dict[str, Any]:
        of_all = {"entry": self.entry, "role": "benefit", "source": "invented", "label": key, "key": key}
        return {**of_all, **self.every_figure, **{**self.real, **self.invented}[key]}

    def entry_of(self, key: str) -> str:
        return str(self.words(key)["entry"])

    def item(self, key: str) -> FigureItem:
        return FigureItem.model_validate({name: word for name, word in self.words(key).items() if name != "entry"})


def read_examples() -> list[Example]:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [Example.model_validate(yaml.safe_load(block)) for block in blocks]


EXAMPLES = read_examples()
WORKING_TIME = read_yaml(ROOT / "portal/benefits/working_time.yaml", WorkingTimeFile).working_time[-1]
REAL = [pytest.param(example, key, id=f"{example.title}: {key}") for example in EXAMPLES for key in example.real]


@cache
def entry_file(entry: str) -> EntryFile:
    """Read the data file of "innovations/<slug>" or "casestudies/<slug>"."""
    app, slug = entry.split("/")
    schema = InnovationFile if app == "innovations" else CaseStudyFile
    return read_yaml(ROOT / app / "entries" / f"{slug}.yaml", schema)


@cache
def measure_rule(key: str) -> MeasureRule:
    measure = read_yaml(ROOT / "portal/benefits/measures" / f"{key}.yaml", MeasureFile)
    return MeasureRule(measure.unit, measure.additive, measure.price_year)


class World:
    """An example's places, figures and measures, with the numbers that the ledger knows them by."""

    def __init__(self, example: Example) -> None:
        self.example = example
        items = [example.item(key) for key in (*example.real, *example.invented)]
        codes = {*example.places, *example.places.values()}
        self.numbers = {code: number for number, code in enumerate(sorted(codes), start=1)}
        self.measures = {item.measure: measure_rule(item.measure) for item in items}
        self.entries = sorted({example.entry_of(item.key) for item in items})
        self.sources = sorted({item.source for item in items})
        self.candidates = [self.candidate(item) for item in items]

    def candidate(self, item: FigureItem) -> Candidate:
        same_names = "measure value low high qualifier role basis achievement price_year restates supersedes label"
        period = read_period(item.period)
        return Candidate(
            **{name: getattr(item, name) for name in same_names.split()},
            figure=item.key,
            entry=self.entries.index(self.example.entry_of(item.key)),
            per=item.per or "",
            gross_or_net=item.gross_or_net or "",
            overlap_group=item.overlap_group or "",
            period_kind=period.kind,
            start=period.start,
            end=period.end,
            place=None if item.place == "not stated" else self.numbers[item.place],
            source=self.sources.index(item.source),
            source_date=self.example.source_dates.get(item.source, ""),
        )

    def places(self) -> Places:
        areas = [Area(number, "area", None, None) for number in self.numbers.values()]
        within = [
            LiesIn(self.numbers[inner], self.numbers[outer], None, None) for inner, outer in self.example.places.items()
        ]
        return Places(areas, within, [], as_at=AS_AT)

    def answer(self, asked: QuestionAndAnswer) -> dict[str, Ledger]:
        words = asked.question
        period = read_period(words.period or "not stated")
        as_asked = words.model_dump(exclude={"place", "period"})
        question = Question(place=self.numbers[words.place], start=period.start, end=period.end, **as_asked)
        return work_out(self.candidates, question, Setting(self.measures, self.places(), asked.invented_price_indexes))


def in_words(ledger: Ledger) -> Expected:
    """Write a ledger as an example would."""
    return Expected(
        total=ledger.total,
        qualifier=ledger.qualifier,
        counted={row.candidate.figure for row in ledger.counted},
        left_out={row.candidate.figure: left_out_in_words(row) for row in ledger.left_out},
        rebased={row.candidate.figure: row.value for row in ledger.counted if row.rebased_from},
        different_values=[[figure.figure for figure in row.figures] for row in ledger.different_values],
        parts_exceed_whole=[
            ExpectedParts(
                whole=row.whole.candidate.figure,
                parts=[part.figure for part in row.parts],
                sum_of_parts=row.sum_of_parts,
            )
            for row in ledger.parts_exceed_whole
        ],
        holds_gross_and_net=ledger.holds_gross_and_net,
    )


def left_out_in_words(row: LeftOut) -> ExpectedLeftOut:
    """The difference between a running total and the later one that supersedes it is the new part."""
    if not row.displaced_by:
        return ExpectedLeftOut(reason=row.reason)
    new_part = row.displaced_by.value - row.candidate.value if row.reason == Reason.SUPERSEDED else None
    return ExpectedLeftOut(reason=row.reason, displaced_by=row.displaced_by.figure, new_part=new_part)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_the_ledger_answers_as_the_page_says(example: Example) -> None:
    world = World(example)

    answers = [{key: in_words(ledger) for key, ledger in world.answer(asked).items()} for asked in example.ask]

    assert answers == [asked.expect for asked in example.ask]


@pytest.mark.parametrize(("example", "key"), REAL)
def test_a_real_figure_is_as_in_its_entrys_file(example: Example, key: str) -> None:
    kept = next(item for item in entry_file(example.entry_of(key)).figures if item.key == key)
    told = example.item(key)

    assert told.model_dump(include=WHAT_THE_LEDGER_SEES) == kept.model_dump(include=WHAT_THE_LEDGER_SEES)


def test_the_dates_of_sources_are_as_in_the_entrys_file() -> None:
    for example in EXAMPLES:
        if example.source_dates and example.entry:
            kept = {item.key: item.date for item in entry_file(example.entry).evidence}
            assert example.source_dates.items() <= kept.items()


def test_hours_are_shown_as_days_and_posts_by_the_constants_in_use() -> None:
    shown = next(example.shown_as for example in EXAMPLES if example.shown_as)
    now = WORKING_TIME

    days = working_days(shown.hours, hours_per_day=now.hours_per_day)
    posts = whole_time_equivalents(shown.hours, hours_per_week=now.hours_per_week, weeks_per_year=now.weeks_per_year)

    assert (days, posts) == (shown.working_days, shown.posts)


def test_the_stated_hours_and_days_give_the_working_day_that_the_page_says() -> None:
    stated = next(example.stated_pair for example in EXAMPLES if example.stated_pair)

    assert round(stated.hours / stated.working_days, 2) == stated.hours_per_day
    assert stated.working_days * WORKING_TIME.hours_per_day == stated.hours_of_those_days


def test_all_ten_examples_are_there_under_titles_of_their_own() -> None:
    titles = [example.title for example in EXAMPLES]

    assert list(dict.fromkeys(example.example for example in EXAMPLES)) == THE_TEN
    assert len(set(titles)) == len(titles)


def test_nothing_is_real_and_invented_at_once() -> None:
    assert not [example.title for example in EXAMPLES if example.real.keys() & example.invented.keys()]


def test_every_reason_is_explained_in_the_order_in_which_it_is_looked_for() -> None:
    explained = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert explained == [str(reason) for reason in Reason]


@pytest.mark.slow
def test_the_places_are_real_ones() -> None:
    named = {code for example in EXAMPLES for pair in example.places.items() for code in pair}

    assert named <= read_tables(ROOT / "portal/organisations/tables").codes()

"""Generated places and figures: large, repeatable, and with every way in which figures can be related."""

import random
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from portal.benefits.calculations import Candidate, MeasureRule, Question, Setting
from portal.organisations.places import Area, LiesIn, Places

AS_AT = date(2026, 4, 1)
ENGLAND = 1
REGIONS = range(2, 9)
BOARDS = range(9, 51)
TRUSTS = range(51, 301)
FIRST_YEAR = 2016
YEARS = 9
SOURCES = 20_000

KINDS = {ENGLAND: "country"} | dict.fromkeys(REGIONS, "region") | dict.fromkeys(BOARDS, "icb")
KINDS |= dict.fromkeys(TRUSTS, "trust")


def holder_of(place: int) -> int | None:
    """Return the place in which another directly lies: a trust in a board, that in a region, that in England."""
    if place == ENGLAND:
        return None
    if place in REGIONS:
        return ENGLAND
    above = REGIONS if place in BOARDS else BOARDS
    return above[place % len(above)]


def region_of(place: int) -> int | None:
    while place not in REGIONS:
        holder = holder_of(place)
        if holder is None:
            return None
        place = holder
    return place


def strength_of(source: int) -> int:
    return source % 12 + 1


def date_of(source: int) -> str:
    return str(2016 + source % 10)


def make_places() -> Places:
    areas = [Area(place, kind, None, None) for place, kind in KINDS.items()]
    lies_in = [LiesIn(place, holder, None, None) for place in KINDS if (holder := holder_of(place))]
    return Places(areas, lies_in, [], as_at=AS_AT)


def measure_keys(how_many: int) -> list[str]:
    return [f"measure-{number:02}" for number in range(how_many)]


def make_setting(measures: int) -> Setting:
    rules = {key: MeasureRule("hours", additive=True) for key in measure_keys(measures)}
    return Setting(measures=rules, places=make_places())


def everything() -> Question:
    return Question(place=ENGLAND)


def mixed(how_many: int, *, measures: int = 1, largest: int = 0) -> list[Candidate]:
    """Return figures as a large catalogue may have them: two an entry, few related, some of every kind.

    `largest` puts that many of them into the first measure; otherwise all measures have as many.
    """
    return list(islice(_mixed(how_many, measure_keys(measures), largest), how_many))


def _mixed(how_many: int, keys: list[str], largest: int) -> Iterator[Candidate]:
    chance = random.Random(how_many)
    groups = 1 + how_many // len(keys) // 40  # of a measure, so that four or so figures share one
    for first in range(0, how_many, 50):
        numbers = range(first, first + 48)
        figures = [_figure(chance, number, _measure(number, keys, largest), groups) for number in numbers]
        yield from figures
        yield _running_total_over(figures[0], chance)
        yield _restated(figures[1], keys, chance)


def _measure(number: int, keys: list[str], largest: int) -> str:
    return keys[0] if number < largest else keys[number % len(keys)]


def _figure(chance: random.Random, number: int, measure: str, groups: int) -> Candidate:
    entry = number // 2 + 1
    source = entry % SOURCES + 1
    start, end = _period(chance)
    value = Decimal(chance.randrange(1, 10_000_000)).scaleb(-2)
    return Candidate(
        figure=_id(chance),
        measure=measure,
        entry=entry,
        value=value,
        qualifier=chance.choices(("exact", "about", "more_than", "up_to"), (70, 20, 7, 3))[0],
        role=chance.choices(("benefit", "baseline", "input"), (90, 5, 5))[0],
        basis=chance.choices(("observed", "modelled", "not_stated"), (70, 20, 10))[0],
        achievement=chance.choices(("achieved", "potential"), (85, 15))[0],
        gross_or_net=chance.choices(("", "gross", "net"), (90, 5, 5))[0],
        start=start,
        end=end,
        place=_place(chance),
        family=f"family-{entry % 6000}" if entry % 5 == 0 else "",
        overlap_group=f"{measure}-{chance.randrange(groups)}" if chance.random() < 0.1 else "",
        strength=strength_of(source),
        source_date=date_of(source),
        source=source,
        label="Hours released",
    )


def _period(chance: random.Random) -> tuple[date, date]:
    """Return a financial year, a quarter or two years."""
    year = FIRST_YEAR + chance.randrange(YEARS)
    start = date(year, 4, 1)
    end = chance.choices((date(year + 1, 3, 31), date(year, 6, 30), date(year + 2, 3, 31)), (70, 20, 10))[0]
    return start, end


def _place(chance: random.Random) -> int | None:
    kind = chance.choices(("trust", "board", "region", "country", None), (55, 30, 12, 2, 1))[0]
    return {
        "trust": chance.choice(TRUSTS),
        "board": chance.choice(BOARDS),
        "region": chance.choice(REGIONS),
        "country": ENGLAND,
        None: None,
    }[kind]


def _id(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def _running_total_over(figure: Candidate, chance: random.Random) -> Candidate:
    """Return the next year's running total, which says that it contains the figure."""
    return figure._replace(
        figure=_id(chance),
        value=figure.value * 2,
        period_kind="cumulative",
        end=figure.end + timedelta(days=365),
        supersedes=figure.figure,
    )


def _restated(figure: Candidate, keys: list[str], chance: random.Random) -> Candidate:
    """Return the figure said again, under the measure that is paired with its own where there are two."""
    position = keys.index(figure.measure) ^ 1
    measure = keys[position] if position < len(keys) else figure.measure
    return figure._replace(
        figure=_id(chance), measure=measure, value=figure.value / 8, label="Days released", restates=figure.figure
    )


def one_key(how_many: int) -> list[Candidate]:
    """Return the mixed figures, all of one overlap group."""
    return [figure._replace(overlap_group="all") for figure in mixed(how_many)]


def one_place_and_key(how_many: int) -> list[Candidate]:
    """Return figures of one place and overlap group, each for a day of its own: all can be counted."""
    first = date(1700, 1, 1)
    days = [first + timedelta(days=number) for number in range(how_many)]
    random.Random(how_many).shuffle(days)
    plain = Candidate(figure="", measure=measure_keys(1)[0], entry=0, value=Decimal(1), place=TRUSTS[0])
    return [
        plain._replace(figure=f"{number:08}", entry=number, start=day, end=day, overlap_group="all")
        for number, day in enumerate(days)
    ]

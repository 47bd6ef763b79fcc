"""A small England for examples: two regions, three boards, a trust, a network across the regions."""

from datetime import date
from decimal import Decimal
from typing import Any

from portal.benefits.calculations import Candidate, Ledger, MeasureRule, Question, Reason, Setting, work_out
from portal.organisations.places import Area, LiesIn, Places, Succeeded

ENGLAND, SOUTH_EAST, SOUTH_WEST, WESSEX, KENT, DEVON, KENT_TRUST, NETWORK, OLD_BOARD = range(1, 10)
KINDS = ["country", "region", "region", "icb", "icb", "icb", "trust", "network", "icb"]
HELD = [
    *((region, ENGLAND) for region in (SOUTH_EAST, SOUTH_WEST, NETWORK)),
    *((WESSEX, SOUTH_EAST), (KENT, SOUTH_EAST), (DEVON, SOUTH_WEST), (KENT_TRUST, KENT)),
    *((WESSEX, NETWORK), (DEVON, NETWORK), (OLD_BOARD, SOUTH_EAST)),
]
SPLIT = date(2022, 7, 1)
PLACES = Places(
    [Area(place, kind, None, date(2022, 6, 30) if place == OLD_BOARD else None) for place, kind in enumerate(KINDS, 1)],
    [LiesIn(place, within, None, None) for place, within in HELD],
    [Succeeded(OLD_BOARD, WESSEX, SPLIT), Succeeded(OLD_BOARD, KENT, SPLIT)],
    as_at=date(2024, 1, 1),
)
HOURS, POUNDS, RATIO = "hours-released", "agency-spend-saved", "staff-per-patient"
SETTING = Setting(
    measures={
        HOURS: MeasureRule("hours", additive=True),
        POUNDS: MeasureRule("GBP", additive=True, price_year=2022),
        RATIO: MeasureRule("ratio", additive=False),
    },
    places=PLACES,
    prices={2020: Decimal(100), 2022: Decimal(110)},
)


def financial_year(start: int, *, years: int = 1) -> dict[str, Any]:
    return {"period_kind": "during", "start": date(start, 4, 1), "end": date(start + years, 3, 31)}


def total_until(end: date, start: date | None = None) -> dict[str, Any]:
    """Return the period of a running total."""
    return {"period_kind": "cumulative", "start": start, "end": end}


def figure(name: str, value: str = "10", **told: Any) -> Candidate:
    """Return a figure that can be counted: hours of entry 1 in England in 2022/23, unless told otherwise."""
    usual = {"measure": HOURS, "entry": 1, "place": ENGLAND, **financial_year(2022)}
    return Candidate(figure=name, value=Decimal(value), **{**usual, **told})


def ask_all(*figures: Candidate, **asked: Any) -> dict[str, Ledger]:
    return work_out(figures, Question(**{"place": ENGLAND, **asked}), SETTING)


def ask(*figures: Candidate, **asked: Any) -> Ledger:
    """Return the ledger of the first figure's measure; of England and all dates unless told otherwise."""
    return ask_all(*figures, **asked)[figures[0].measure]


def counted(ledger: Ledger) -> set[str]:
    return {row.candidate.figure for row in ledger.counted}


def left_out(ledger: Ledger) -> dict[str, tuple[Reason, str | None]]:
    """Return why each figure was left out, and the figure in its stead."""
    return {
        row.candidate.figure: (row.reason, row.displaced_by.figure if row.displaced_by else None)
        for row in ledger.left_out
    }

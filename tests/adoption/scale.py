"""A year of quarterly returns: 217 trusts with 20 entries, as a file has them."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

TRUSTS, ENTRIES, QUARTERS = 217, 20, 4
WAYS = {
    "adopted": ["exploring", "piloting", "adopted", "sustained"],
    "stopped": ["piloting", "adopted", "adopted", "stopped"],
    "never": ["not_adopting"] * 4,
    "pilot": ["exploring", "exploring", "piloting", "piloting"],
}


def quarter_ends(today: date) -> list[date]:
    """Return the last four quarter ends before a day."""
    day, ends = today.replace(day=1) - timedelta(days=1), []
    while len(ends) < QUARTERS:
        if day.month % 3 == 0:
            ends.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return ends[::-1]


def returns(codes: list[str], slugs: list[str], today: date) -> Iterator[dict[str, Any]]:
    """Yield a row for each trust, entry and quarter, as a spreadsheet's reader would."""
    chance = random.Random(len(codes))
    for slug in slugs:
        for code in codes:
            way = WAYS[chance.choice(list(WAYS))]
            for stage, day in zip(way, quarter_ends(today), strict=True):
                reason = chance.choice(["licence_cost", "no_interface", "staffing"]) if stage == "stopped" else ""
                yield {
                    "entry": slug,
                    "organisation": code,
                    "stage": stage,
                    "on": day.isoformat(),
                    "stop_reason": reason,
                    "extent": "",
                    "said_by": "Quarterly return",
                }

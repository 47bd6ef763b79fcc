"""What the entries of a pack add up to: totals of their figures alone, each basis apart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from portal.benefits.calculations import LeftOut
from portal.benefits.headlines import ask_about_england, totals_on_each_basis
from portal.benefits.ledgers import Total
from portal.benefits.models import Basis
from portal.benefits.reasons import TITLES
from portal.briefings.limits import clean_line
from portal.catalogue.models import Entry
from portal.core.templatetags.components import lower_first


def totals_section(entries: Sequence[Entry], *, as_at: date) -> dict[str, Any] | None:
    """Return the totals of the entries' achieved benefits in England and what was left out of them.

    None when they have no figure that could be added up; for a single entry, when none is counted.
    """
    asked = ask_about_england(as_at=as_at, entries=frozenset(entry.pk for entry in entries))
    totals = totals_on_each_basis(asked) if asked else []
    counting = [total for total in totals if total.ledger.counted]
    without_total = [row for total in totals if not total.ledger.counted for row in _own(total)]
    if asked is None or not (counting or (without_total and len(entries) > 1)):
        return None
    numbers = {entry.pk: (number, clean_line(entry.title)) for number, entry in enumerate(entries, start=1)}
    return {
        "heading": "What these entries add up to" if len(entries) > 1 else "What its figures add up to",
        "place": asked.place.display_name,
        "as_at_text": asked.as_at_text,
        "bases": [
            {"basis": str(name), "rows": [_row(total, numbers) for total in counting if total.asked.basis == basis]}
            for basis, name in Basis.choices
            if any(total.asked.basis == basis for total in counting)
        ],
        "without_total": {"count": len(without_total), "why": _reasons(without_total)},
    }


def _row(total: Total, numbers: dict[int, tuple[int, str]]) -> dict[str, Any]:
    left_out = _own(total)
    shares = sorted((*numbers[entry], share) for entry, share in total.shares().items())
    return {
        "measure": clean_line(total.measure.name),
        "total": total.text,
        "range": total.range_text,
        "notes": total.caveats,
        "counted": len(total.ledger.counted),
        "shares": [
            {"number": number, "title": title, "value": str(share.ledger.total), "text": share.text}
            for number, title, share in shares
        ],
        "left_out": len(left_out),
        "why": _reasons(left_out),
    }


def _own(total: Total) -> list[LeftOut]:
    """Return what was left out among the figures of the total's basis; the others stand by their own."""
    return [row for row in total.ledger.left_out if row.candidate.basis == total.asked.basis]


def _reasons(left_out: Iterable[LeftOut]) -> str:
    """Write why, in short, in the order in which reasons are looked for: "not a benefit (1), potential only (2)"."""
    counts = Counter(row.reason for row in left_out)
    return ", ".join(f"{lower_first(title)} ({counts[reason]})" for reason, title in TITLES.items() if counts[reason])

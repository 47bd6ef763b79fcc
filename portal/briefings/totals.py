"""What the entries of a pack add up to: totals of their figures alone, each basis apart."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings

from portal.benefits.calculations import LeftOut, Reason
from portal.benefits.headlines import ask_about_england, totals_on_each_basis
from portal.benefits.ledgers import Total
from portal.benefits.models import Basis, BenefitFigure, WorkingTime
from portal.benefits.reasons import TITLES, WHY
from portal.briefings.limits import clean_line, clean_title
from portal.catalogue.models import Entry
from portal.core.formatting import exact_number, format_date, format_number
from portal.core.templatetags.components import lower_first


def totals_among(entries: Sequence[Entry], *, as_at: date) -> list[Total]:
    """Work out what the entries' achieved benefits in England add up to: every measure, on each basis."""
    asked = ask_about_england(as_at=as_at, entries=frozenset(entry.pk for entry in entries))
    return totals_on_each_basis(asked) if asked else []


def totals_section(totals: Sequence[Total], entries: Sequence[Entry]) -> dict[str, Any] | None:
    """Return the totals in which something counts and what was left out of them.

    None when the entries have no figure that could be added up; for a single entry, when none is counted.
    """
    counting = [total for total in totals if total.ledger.counted]
    without_total = [row for total in totals if not total.ledger.counted for row in own_left_out(total)]
    if not (counting or (without_total and len(entries) > 1)):
        return None
    asked, working_time = totals[0].asked, WorkingTime.objects.first()
    numbers = {entry.pk: (number, clean_title(entry.title)) for number, entry in enumerate(entries, start=1)}
    rows = {
        basis: [_row(one, numbers, working_time) for one in counting if one.asked.basis == basis] for basis in Basis
    }
    return {
        "heading": "What these entries add up to" if len(entries) > 1 else "What its figures add up to",
        "place": asked.place.display_name,
        "as_at_text": asked.as_at_text,
        "bases": [{"basis": str(basis.label), "rows": rows[basis]} for basis in Basis if rows[basis]],
        "without_total": {"count": len(without_total), "why": _reasons(without_total)},
        "working_time": _working_time(working_time, counting),
    }


def _row(total: Total, numbers: dict[int, tuple[int, str]], working_time: WorkingTime | None) -> dict[str, Any]:
    left_out = own_left_out(total)
    shares = sorted((*numbers[entry], share) for entry, share in total.shares().items())
    return {
        "measure": clean_line(total.measure.name),
        "measure_key": total.measure.key,
        "total": total.text,
        "value": exact_number(total.ledger.total),
        "unit": total.measure.unit,
        "range": total.range_text,
        "converted": total.converted(working_time),
        "notes": total.caveats,
        "counted": len(total.ledger.counted),
        "shares": [
            {"number": number, "title": title, "value": str(share.ledger.total), "text": share.text}
            for number, title, share in shares
        ],
        "left_out": len(left_out),
        "why": _reasons(left_out),
        "address": settings.SITE_URL + total.address,
    }


def _working_time(working_time: WorkingTime | None, totals: Iterable[Total]) -> str:
    """State the constants behind a conversion of hours; empty where no total has hours."""
    if working_time is None or not any(total.converted(working_time) for total in totals):
        return ""
    since = format_date(working_time.valid_from)
    hours = format_number(working_time.hours_per_day)
    return f"Hours are shown as working days of {hours} hours (the portal’s constant since {since}), for reading only."


def own_left_out(total: Total) -> list[LeftOut]:
    """Return what was left out among the figures of the total's basis; the others stand by their own."""
    return [row for row in total.ledger.left_out if row.candidate.basis == total.asked.basis]


def workings_of(totals: Iterable[Total], entries: Iterable[Entry]) -> dict[str, dict[str, str]]:
    """Say of each figure (its id) whether a total counted it and, where not, why; makes no query.

    A figure in no ledger is of a measure that can't be added up.
    """
    figures = {str(figure.public_id): figure for entry in entries for figure in entry.figures.all()}
    told: dict[str, dict[str, str]] = {}
    for total in totals:
        told |= {row.candidate.figure: COUNTED for row in total.ledger.counted}
        left_out = [row for row in own_left_out(total) if row.candidate.figure in figures]
        told |= {row.candidate.figure: _left_out(row, total, figures) for row in left_out}
    return {key: told.get(key, NOT_ADDED) for key in figures} if totals else {}


COUNTED = {"bucket": "counted", "reason": "", "why": "", "displaced_by": ""}
NOT_ADDED = {
    "bucket": "left_out",
    "reason": TITLES[Reason.NOT_ADDITIVE],
    "why": "Percentages, rates, ratios and measures that can’t be added up are in no total.",
    "displaced_by": "",
}


def _left_out(row: LeftOut, total: Total, figures: Mapping[str, BenefitFigure]) -> dict[str, str]:
    other = row.displaced_by.figure if row.displaced_by else ""
    why = WHY[row.reason](figures[row.candidate.figure], total, figures.get(other))
    return {
        "bucket": "left_out",
        "reason": TITLES[row.reason],
        "why": clean_line(why),
        "displaced_by": other,
    }


def _reasons(left_out: Iterable[LeftOut]) -> str:
    """Write why, in short, in the order in which reasons are looked for: "not a benefit (1), potential only (2)"."""
    counts = Counter(row.reason for row in left_out)
    return ", ".join(f"{lower_first(title)} ({counts[reason]})" for reason, title in TITLES.items() if counts[reason])

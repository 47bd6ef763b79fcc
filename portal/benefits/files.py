"""A ledger as JSON, CSV and a workbook: the page's rows, with the page's texts."""

import io
import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from portal.benefits.calculations import Reason
from portal.benefits.ledgers import Total
from portal.benefits.reasons import TITLES
from portal.benefits.rows import Row, counted_rows, left_out_rows
from portal.core.csv_lines import csv_lines
from portal.core.formatting import exact_number
from portal.core.templatetags.components import figure_text, period_text, place_text
from portal.core.workbooks import add_table, writing_workbook

ROWS_ON_A_PAGE = 1000
FIGURE_COLUMNS = (
    *("figure", "entry", "entry_url", "label", "value", "unit", "text", "basis"),
    *("period", "period_start", "period_end", "place", "place_code"),
    *("source", "source_url", "locator", "note"),
)
COLUMNS = ("bucket", *FIGURE_COLUMNS, "reason", "reason_title", "why", "displaced_by", "as_at")


def ledger_as_dict(total: Total, site: str, *, page: int = 1) -> dict[str, Any]:
    """Return the ledger for JSON. Numbers are exact strings; a long ledger comes in pages, counted rows first."""
    counted = len(total.ledger.counted)
    first, last = (page - 1) * ROWS_ON_A_PAGE, page * ROWS_ON_A_PAGE
    left_out = left_out_rows(total, first=max(0, first - counted), last=max(0, last - counted))
    return {
        **total_as_dict(total, site),
        "counted": [_figure(row, site) for row in counted_rows(total, first=first, last=last)],
        "left_out": [_figure(row, site) | _reason(row) for row in left_out],
        "contradictions": _contradictions(total),
        "page": page,
        "pages": pages_of(total),
    }


def ledger_as_json(total: Total, site: str, *, page: int = 1) -> bytes:
    return json.dumps(ledger_as_dict(total, site, page=page), ensure_ascii=False).encode()


def pages_of(total: Total) -> int:
    rows = len(total.ledger.counted) + len(total.ledger.left_out)
    return max(1, -(-rows // ROWS_ON_A_PAGE))


def total_as_dict(total: Total, site: str) -> dict[str, Any]:
    """Return the question and its total without the working."""
    ledger, asked = total.ledger, total.asked
    return {
        "measure": total.measure.key,
        "measure_name": total.measure.name,
        "unit": total.measure.unit,
        "period": asked.period_text,
        "period_start": asked.start.isoformat() if asked.start else None,
        "period_end": asked.end.isoformat() if asked.end else None,
        "place": asked.place.display_name,
        "place_code": asked.place.code,
        "theme": asked.theme.slug if asked.theme else None,
        "strand": asked.strand.slug if asked.strand else None,
        "kind": asked.kind or None,
        "basis": asked.basis,
        "achievement": asked.achievement,
        "price_year": asked.price_year or total.measure.price_year,
        "as_at": asked.as_at.isoformat(),
        "as_at_text": total.as_at_text,
        "total": exact_number(ledger.total),
        "low": None if ledger.low is None else exact_number(ledger.low),
        "high": None if ledger.high is None else exact_number(ledger.high),
        "qualifier": ledger.qualifier,
        "text": total.text,
        "caveats": total.caveats,
        "page_url": site + total.address,
    }


def _figure(row: Row, site: str) -> dict[str, Any]:
    figure = row.figure
    return {
        "figure": str(figure.public_id),
        "entry": figure.entry.title,
        "entry_url": site + figure.entry.get_absolute_url(),
        "label": figure.label,
        "value": row.value,
        "unit": figure.unit,
        "text": figure_text(figure),
        "basis": figure.basis,
        "period": period_text(figure),
        "period_start": figure.period_start.isoformat() if figure.period_start else None,
        "period_end": figure.period_end.isoformat() if figure.period_end else None,
        "place": place_text(figure),
        "place_code": figure.place.code if figure.place else None,
        "source": figure.evidence.title,
        "source_url": figure.evidence.url,
        "locator": figure.locator,
        "note": row.note,
    }


def _reason(row: Row) -> dict[str, Any]:
    return {
        "reason": row.reason,
        "reason_title": TITLES[Reason(row.reason)],
        "why": row.why,
        "displaced_by": str(row.displaced_by.public_id) if row.displaced_by else None,
    }


def _contradictions(total: Total) -> list[dict[str, Any]]:
    """Return what the sources disagree about: the figures by id, and the numbers at odds."""
    whole = [
        {
            "kind": "parts_exceed_whole",
            "figures": [found.whole.candidate.figure, *(part.figure for part in found.parts)],
            "whole": exact_number(found.whole.value),
            "parts": exact_number(found.sum_of_parts),
        }
        for found in total.ledger.parts_exceed_whole
    ]
    values = [
        {"kind": "different_values", "figures": [figure.figure for figure in found.figures]}
        for found in total.ledger.different_values
    ]
    return whole + values


def _table(total: Total, site: str) -> Iterator[list[str]]:
    """Yield the total, then every row of the ledger, in the order of COLUMNS."""
    yield _cells(_total_row(total, site), total)
    for row in chain(counted_rows(total), left_out_rows(total)):
        told = {"bucket": "left_out"} | _reason(row) if row.reason else {"bucket": "counted"}
        yield _cells(_figure(row, site) | told, total)


def _total_row(total: Total, site: str) -> dict[str, Any]:
    heading = total_as_dict(total, site)
    same = {name: heading[name] for name in FIGURE_COLUMNS if name in heading}
    about = {"bucket": "total", "label": heading["measure_name"], "value": heading["total"]}
    return same | about | {"note": " ".join(total.caveats), "entry_url": heading["page_url"]}


def _cells(told: dict[str, Any], total: Total) -> list[str]:
    told = told | {"as_at": total.asked.as_at.isoformat()}
    # Stripped, so that no tab stands before what a spreadsheet might take for a formula.
    return ["" if told.get(name) is None else str(told[name]).strip() for name in COLUMNS]


def _statement(total: Total, site: str) -> list[tuple[str, str]]:
    """Return the question, the total and its caveats as pairs, for the head of a file."""
    asked = total.asked
    return [
        ("Measure", total.measure.name),
        ("Total", total.text),
        *([("Range", total.range_text)] if total.range_text else []),
        ("Period", asked.period_text),
        ("Place", asked.place.display_name),
        ("Basis", asked.basis_text),
        ("Achieved or potential", asked.achievement_text),
        *([("Theme", asked.theme.name)] if asked.theme else []),
        *([("Plan strand", asked.strand.name)] if asked.strand else []),
        ("Worked out", total.as_at_text),
        ("Address", site + total.address),
        *(("Caveat", sentence) for sentence in total.caveats),
    ]


def ledger_as_csv(total: Total, site: str) -> Iterator[str]:
    """Return the lines of a CSV file: the columns' names, the total, then every row."""
    return csv_lines(COLUMNS, _table(total, site))


def ledger_as_workbook(total: Total, site: str) -> bytes:
    """Return a workbook of two sheets: the total with its question, and the ledger. Text is never a formula."""
    file = io.BytesIO()
    with writing_workbook(file) as book:
        bold = book.add_format({"bold": True})
        statement = book.add_worksheet("Total")
        statement.set_column(0, 1, 40)
        for line, (name, text) in enumerate(_statement(total, site)):
            statement.write_string(line, 0, name, bold)
            statement.write_string(line, 1, text)
        add_table(book, "Ledger", COLUMNS, _table(total, site), numbers=("value",))
    return file.getvalue()

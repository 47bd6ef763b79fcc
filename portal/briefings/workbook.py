"""The figures of a pack as a workbook: what it is, the totals and figures with their ledger, sources, measures."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from portal.briefings import figure_table

EXACT_DIGITS = 15
"""A spreadsheet's numbers have no more: what is longer stays text, and exact."""


def as_workbook(data: Mapping[str, Any]) -> bytes:
    """Return the workbook. No text in it is ever a formula or a link."""
    file = io.BytesIO()
    safely = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, safely) as book:
        book.set_properties({"title": data["title"], "subject": f"Content as at {data['as_at_text']}"})
        _sheet(book, "About", ("What", "Says"), figure_table.about(data), width=40)
        _sheet(book, "Figures", figure_table.COLUMNS, figure_table.rows(data), numbers=figure_table.NUMBERS)
        _sheet(book, "Sources", SOURCES, _rows(data["references"], SOURCES), numbers=("number",), width=40)
        _sheet(book, "Measures", MEASURES, _rows(data["measures"]["rows"], MEASURES), width=40)
    return file.getvalue()


SOURCES = ("number", "title", "publisher", "published", "about", "doi", "address")
MEASURES = ("name", "unit", "text", "adds", "address")


def _rows(told: Iterable[Mapping[str, Any]], names: Sequence[str]) -> Iterable[list[str]]:
    return ([str(one[name]) for name in names] for one in told)


def _sheet(
    book: Any,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Sequence[str] = (),
    width: int = 22,
) -> None:
    """Write a sheet whose first row names its columns and stays in view."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, width)
    sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
    as_numbers = {columns.index(column) for column in numbers}
    for line, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if place in as_numbers and cell and len(cell) <= EXACT_DIGITS:
                sheet.write_number(line, place, float(cell))
            else:
                sheet.write_string(line, place, cell)

"""Tables as the sheets of a workbook. No text in it is ever a formula or a link."""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import xlsxwriter

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXACT_DIGITS = 15
"""A spreadsheet's numbers have no more: what is longer stays text, and exact."""

SAFELY = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@contextmanager
def writing_workbook(file: io.BytesIO) -> Iterator[Any]:
    """Hand over a workbook to add sheets to, row by row; at the end it is written to `file`."""
    with xlsxwriter.Workbook(file, SAFELY) as book:
        yield book


def add_table(
    book: Any,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Sequence[str] = (),
    width: int = 22,
) -> None:
    """Add a sheet whose first row names its columns and stays in view; `numbers` are the columns to reckon with."""
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

"""Tables as the sheets of a workbook. No text in it is ever a formula or a link."""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXACT_DIGITS = 15
"""A spreadsheet's numbers have no more: what is longer stays text, and exact."""
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767

SAFELY = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@contextmanager
def writing_workbook(file: io.BytesIO | Path) -> Iterator[Any]:
    """Hand over a workbook to add sheets to, row by row; at the end it is written to `file`.

    Beside a file on disk the rows wait on disk too, so that a workbook of any size takes no more memory.
    """
    options = {**SAFELY, "tmpdir": str(file.parent), "use_zip64": True} if isinstance(file, Path) else SAFELY
    with xlsxwriter.Workbook(str(file) if isinstance(file, Path) else file, options) as book:
        yield book


class Sheet:
    """A table being written: its first row names its columns and stays in view; `numbers` are columns to reckon with.

    What does not fit on one sheet goes on on another, and a text longer than a cell may be ends in “…”.
    """

    def __init__(
        self, book: Any, name: str, columns: Sequence[str], *, numbers: Sequence[str] = (), width: int = 22
    ) -> None:
        self._book, self._name, self._columns, self._width = book, name, columns, width
        self._numbers = {columns.index(column) for column in numbers}
        self._bold = book.add_format({"bold": True})
        self._sheets = 0
        self._begin()

    def _begin(self) -> None:
        self._sheets += 1
        name = self._name if self._sheets == 1 else f"{self._name} {self._sheets}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(self._columns) - 1, self._width)
        self._sheet.write_row(0, 0, self._columns, self._bold)
        self._line = 1

    def add(self, row: Sequence[str]) -> None:
        if self._line == MOST_ROWS:
            self._begin()
        for place, cell in enumerate(row):
            if place in self._numbers and cell and len(cell) <= EXACT_DIGITS:
                self._sheet.write_number(self._line, place, float(cell))
            else:
                self._sheet.write_string(self._line, place, _fitting(cell))
        self._line += 1


def _fitting(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def add_table(
    book: Any,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Sequence[str] = (),
    width: int = 22,
) -> None:
    """Add a sheet with all these rows."""
    sheet = Sheet(book, name, columns, numbers=numbers, width=width)
    for row in rows:
        sheet.add(row)

"""Rows as the lines of a CSV file, one at a time, safe to open in a spreadsheet."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from defusedcsv import csv

BOM = "\ufeff"  # without it a spreadsheet takes UTF-8 for something else


class _Echo:
    """What csv writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


_writer = csv.writer(_Echo())


def csv_line(row: Sequence[Any], *, is_first: bool = False) -> str:
    """Return a row as a line; no cell is taken for a formula, not even behind a tab or the end of a line."""
    line: str = _writer.writerow([cell.lstrip() if isinstance(cell, str) else cell for cell in row])
    return BOM + line if is_first else line


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the columns' names, then every row."""
    yield csv_line(columns, is_first=True)
    for row in rows:
        yield csv_line(row)

"""Rows as the lines of a CSV file, one at a time, safe to open in a spreadsheet."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from defusedcsv import csv

BOM = "\ufeff"  # without it a spreadsheet takes UTF-8 for something else


class _Echo:
    """What csv writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the columns' names, then every row; no cell is taken for a formula."""
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow(columns)
    for row in rows:
        yield writer.writerow(row)

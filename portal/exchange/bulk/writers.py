"""What writes the files: every row is fetched and told once, and goes into each format as it comes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from rest_framework.renderers import JSONRenderer

from portal.core.csv_lines import csv_line
from portal.core.workbooks import Sheet, writing_workbook
from portal.exchange.bulk.tables import TABLES, WALKS, Table, Walk

NUMBERS = ("number", "integer")
WORKBOOK_FILE = "catalogue.xlsx"


class TableFile:
    """One table being written, as CSV and as a sheet."""

    def __init__(self, table: Table, file: Any, book: Any) -> None:
        names = [column.name for column in table.columns]
        self.rows = 0
        self._file = file
        self._sheet = Sheet(book, table.name, names, numbers=[one.name for one in table.columns if one.kind in NUMBERS])
        self._file.write(csv_line(names, is_first=True))

    def add(self, row: list[str]) -> None:
        self.rows += 1
        self._file.write(csv_line(row))
        self._sheet.add(row)


class Rows:
    """What was written of a walk or table, so far."""

    def __init__(self, folder: Path, stack: ExitStack, book: Any) -> None:
        def opened(name: str) -> Any:
            return stack.enter_context((folder / name).open("w", encoding="utf-8", newline=""))

        self._tables = {name: TableFile(table, opened(f"{name}.csv"), book) for name, table in TABLES.items()}
        self._walks = {walk.name: opened(f"{walk.name}.jsonl") for walk in WALKS}
        self._json = JSONRenderer()
        self.walked: dict[str, int] = dict.fromkeys(self._walks, 0)

    def add(self, walk: Walk, row: dict[str, Any]) -> None:
        self.walked[walk.name] += 1
        self._walks[walk.name].write(self._json.render(row).decode() + "\n")
        for table in walk.tables:
            for line in table.lines(row):
                self._tables[table.name].add(line)

    @property
    def counted(self) -> dict[str, int]:
        """How many rows each file has, by its name."""
        tables = {f"{name}.csv": table.rows for name, table in self._tables.items()}
        return tables | {f"{name}.jsonl": rows for name, rows in self.walked.items()}


@contextmanager
def writing(folder: Path, front: list[tuple[str, list[list[str]]]]) -> Iterator[Rows]:
    """Open every table's files in the folder; `front` are sheets that stand before the tables in the workbook."""
    with ExitStack() as stack:
        book = stack.enter_context(writing_workbook(folder / WORKBOOK_FILE))
        for name, (columns, *rows) in front:
            sheet = Sheet(book, name, columns, width=30)
            for row in rows:
                sheet.add(row)
        yield Rows(folder, stack, book)

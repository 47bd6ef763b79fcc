"""One row of a file, by our columns, and what it names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from portal.exchange.imports.tables import BY_KEY, ENTRY_KEY, KINDS, SOURCES, Table
from portal.exchange.models import ImportRow

State = ImportRow.State
OF_SOURCE = tuple(column.key for column in SOURCES.columns if column.attribute.startswith("evidence__"))


@dataclass
class Line:
    """One row of the file, by our columns."""

    row: ImportRow
    table: Table
    cells: dict[str, str]

    @property
    def naming(self) -> str:
        """The key of the column that names the entry."""
        return "address" if self.table in KINDS else ENTRY_KEY

    @property
    def entry_named(self) -> str:
        """What stands in that column."""
        return self.cells.get(self.naming, "")

    @property
    def slug(self) -> str:
        """The address of the entry it is about, as far as the cells tell."""
        text = self.entry_named or (self.cells.get("title", "") if self.table in KINDS else "")
        return slugify(text)[:100].strip("-")

    def tell(
        self,
        state: str,
        title: str,
        *,
        problems: Sequence[dict[str, str]] = (),
        changes: Sequence[dict[str, str]] = (),
        same_as: str = "",
    ) -> None:
        """Write down what applying the row would do; a problem outweighs all else."""
        row = self.row
        row.state = State.WRONG if problems else state
        row.title, row.problems, row.changes, row.same_as = title[:200], list(problems), list(changes), same_as[:400]


def state_of(*, is_new: bool, changes: Sequence[Any], same_as: str) -> str:
    """Return the state of a row that can be taken."""
    if same_as:
        return State.DUPLICATE
    return State.NEW if is_new else State.CHANGED if changes else State.UNCHANGED


def line_of(row: ImportRow, sheets: Sequence[Mapping[str, Any]]) -> Line | None:
    """Read a stored row by its sheet's columns; None where its sheet is left out."""
    sheet = sheets[row.sheet]
    table = BY_KEY.get(sheet["table"])
    if table is None:
        return None
    cells = {key: text for key, text in zip(sheet["columns"], row.cells, strict=False) if key and text}
    return Line(row, table, cells)


def key_of_source(line: Line) -> str:
    return line.cells.get("source") or slugify(line.cells.get("title", ""))[:80].strip("-")


def names_of_source(line: Line) -> set[str]:
    """Return every text by which a row names a source, a new one included."""
    names = {line.cells.get("source", "")}
    if line.table is SOURCES:
        names |= {key_of_source(line), line.cells.get("doi", ""), line.cells.get("url", "")}
    return names - {""}


def part(cells: Mapping[str, str], keys: Iterable[str]) -> dict[str, str]:
    return {key: cells[key] for key in keys if key in cells}


def key_of_figure(line: Line) -> str:
    return line.cells.get("key") or slugify(line.cells.get("label", ""))[:60].strip("-")

"""Write what is imported: the template with every allowed value, and a network's own rows in the same form."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from portal.accounts.permissions import within_reach
from portal.adoption.models import AdoptionRecord
from portal.catalogue.models import Entry
from portal.core.csv_lines import csv_lines
from portal.core.workbooks import EXACT_DIGITS, writing_workbook
from portal.editing.services import draft_of
from portal.exchange.imports.cells import CLEAR, is_number, neutral
from portal.exchange.imports.columns import Column, Named, Number, Several
from portal.exchange.imports.known import Known, batched
from portal.exchange.imports.reading.limits import NOT_OUR_DATA
from portal.exchange.imports.tables import ADOPTION, CHILDREN, ENTRY_KEY, KINDS, TABLES, Table
from portal.organisations.models import Organisation

HOW_TO, LISTS = NOT_OUR_DATA
ROWS_CHECKED = 5_000
LONGEST_CELL = 32_767
"""Of a workbook. A longer text is left empty there, which an import takes for "as it is"."""
ENTRIES_AT_ONCE = 100
NOT_A_CHOICE = frozenset({"sources", "innovations"})
"""Lists that the file itself may add to."""

Row = tuple[Table, list[str]]


def template_rows() -> Iterator[Row]:
    """No rows: the template is the headings."""
    return iter(())


def rows_of(network: Organisation, person: Any) -> Iterator[Row]:
    """Yield every row of a network's entries, drafts as they are now, as an import would read it."""
    known = Known(person)
    entries = within_reach(Entry.objects.filter(owner_network=network), person).order_by("kind", "slug")
    for some in batched(entries.values_list("pk", flat=True), ENTRIES_AT_ONCE):
        rows = Entry.objects.with_specific().select_related("latest_revision").filter(pk__in=some)
        drafts = [draft_of(entry) for entry in rows.order_by("kind", "slug")]
        records = (
            AdoptionRecord.objects.filter(entry__in=some).order_by("entry__slug", "on", "pk").select_related("entry")
        )
        known.fetch_sources((), _sources_of(drafts, records))
        for draft in drafts:
            yield from _rows_of_draft(draft, known)
        for record in records:
            yield ADOPTION, _cells(ADOPTION, record, record.entry.slug, known)


def _sources_of(drafts: Iterable[Any], records: Iterable[AdoptionRecord]) -> set[int]:
    keys = {
        row.evidence_id
        for draft in drafts
        for name in ("figures", "evidence_links")
        for row in getattr(draft, name).all()
    }
    return keys | {record.evidence_id for record in records if record.evidence_id}


def _rows_of_draft(draft: Any, known: Known) -> Iterator[Row]:
    known.begin_figures(draft, ())
    (table,) = [table for table in KINDS if isinstance(draft, table.model)]
    yield table, _cells(table, draft, draft.slug, known)
    for table in CHILDREN:
        for row in getattr(draft, table.relation).all() if hasattr(draft, table.relation) else ():
            if hasattr(row, "evidence_id"):
                row.evidence = known.lists["sources"].get(row.evidence_id)
            yield table, _cells(table, row, draft.slug, known)


def _cells(table: Table, row: Any, slug: str, known: Known) -> list[str]:
    texts = table.texts(row, known)
    return [slug if column.key == ENTRY_KEY else texts[column.key] for column in table.columns]


def csv_of(table: Table, rows: Iterable[Row]) -> Iterator[str]:
    """Yield one table's rows as lines of CSV; no cell is taken for a formula."""
    own = ([neutral(cell) for cell in cells] for of, cells in rows if of is table)
    return csv_lines([column.label for column in table.columns], own)


def workbook_of(rows: Iterable[Row], known: Known) -> bytes:
    """Return a workbook with a sheet a table, the lists of allowed values, and cells that offer them."""
    file = io.BytesIO()
    with writing_workbook(file) as book:
        _write_how_to(book, known)
        sheets = {table.key: _Sheet(book, table) for table in TABLES}
        lists = _Lists(book, known)
        for table in TABLES:
            sheets[table.key].offer(lists)
        for table, cells in rows:
            sheets[table.key].write(cells)
    return file.getvalue()


class _Sheet:
    def __init__(self, book: Any, table: Table) -> None:
        self.table, self.line = table, 0
        self.sheet = book.add_worksheet(table.sheet)
        self.sheet.freeze_panes(1, 1)
        self.sheet.set_column(0, len(table.columns) - 1, 24)
        bold = book.add_format({"bold": True, "bottom": 1})
        needed = book.add_format({"bold": True, "bottom": 1, "font_color": "#005EB8"})
        for place, column in enumerate(table.columns):
            self.sheet.write_string(0, place, column.label, needed if column.needed else bold)
        self.numbers = {place for place, column in enumerate(table.columns) if isinstance(column.widget, Number)}

    def offer(self, lists: "_Lists") -> None:
        """Let cells with a list offer it, and all of them say what belongs there."""
        for place, column in enumerate(self.table.columns):
            told = {"input_title": column.label[:32], "input_message": column.hint[:255]}
            source = lists.range_of(column)
            if source:
                told |= {
                    "validate": "list",
                    "source": source,
                    "error_type": "warning",
                    "error_message": "It is not in the list.",
                }
            else:
                told |= {"validate": "any"}
            if told["input_message"] or source:
                self.sheet.data_validation(1, place, ROWS_CHECKED, place, told)

    def write(self, cells: Sequence[str]) -> None:
        self.line += 1
        for place, cell in enumerate(cells):
            if place in self.numbers and cell and is_number(cell) and len(cell) <= EXACT_DIGITS:
                self.sheet.write_number(self.line, place, float(cell))
            elif cell and len(cell) < LONGEST_CELL:
                self.sheet.write_string(self.line, place, neutral(cell))


class _Lists:
    """The sheet of allowed values: a list a column, written once however many columns use it."""

    def __init__(self, book: Any, known: Known) -> None:
        self.places: dict[tuple[str, ...], str] = {}
        self.known = known
        columns = {_values(column, known): column for table in TABLES for column in table.columns}
        columns.pop((), None)
        self.sheet = book.add_worksheet(LISTS)
        self.sheet.set_column(0, len(columns) - 1, 28)
        self.sheet.freeze_panes(1, 0)
        for place, values in enumerate(columns):
            letter = _letters(place)
            self.places[values] = f"={LISTS}!${letter}$2:${letter}${len(values) + 1}"
        bold = book.add_format({"bold": True})
        for place, column in enumerate(columns.values()):
            self.sheet.write_string(0, place, column.label, bold)
        for line in range(max(map(len, columns))):
            for place, values in enumerate(columns):
                if line < len(values):
                    self.sheet.write_string(line + 1, place, neutral(values[line]))

    def range_of(self, column: Column) -> str:
        """Return where a column's values stand; empty where several may be written into one cell, or none is listed."""
        if isinstance(column.widget, Several):
            return ""
        return self.places.get(_values(column, self.known), "")


def _values(column: Column, known: Known) -> tuple[str, ...]:
    widget = column.widget
    if isinstance(widget, Named | Several) and widget.listed in NOT_A_CHOICE:
        return ()
    return tuple(widget.allowed(known)) if hasattr(widget, "allowed") else ()


def _letters(place: int) -> str:
    first, last = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def _write_how_to(book: Any, known: Known) -> None:
    sheet = book.add_worksheet(HOW_TO)
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 2, 10)
    sheet.set_column(3, 4, 70)
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    lines = [
        "Fill in the sheets you need and leave the others. Keep the headings; their order does not matter.",
        "A row is found again by its entry’s address and its own key, so the same file can be imported again.",
        f"An empty cell leaves what is there. Write {CLEAR} to empty it. What the file does not name stays.",
        f"The sheet “{LISTS}” has every value that a cell with a list takes. Nothing is published: rows become drafts.",
    ]
    for line, text in enumerate(lines):
        sheet.write_string(line, 0, text)
    for place, text in enumerate(("Sheet", "Column", "Needed", "What to write", "Allowed values")):
        sheet.write_string(len(lines) + 1, place, text, bold)
    line = len(lines) + 2
    for table in TABLES:
        for column in table.columns:
            values = _values(column, known)
            allowed = "; ".join(values) if len(values) <= 40 else f"{len(values)} values, on the sheet “{LISTS}”"
            for place, text in enumerate(
                (table.sheet, column.label, "yes" if column.needed else "", column.hint, allowed)
            ):
                sheet.write_string(line, place, text, wrapped)
            line += 1

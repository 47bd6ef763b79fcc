"""The figures of a pack as a workbook: what it is, the totals and figures with their ledger, sources, measures."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portal.briefings import figure_table
from portal.core.workbooks import add_table, writing_workbook


def as_workbook(data: Mapping[str, Any]) -> bytes:
    file = io.BytesIO()
    with writing_workbook(file) as book:
        book.set_properties({"title": data["title"], "subject": f"Content as at {data['as_at_text']}"})
        add_table(book, "About", ("What", "Says"), figure_table.about(data), width=40)
        add_table(book, "Figures", figure_table.COLUMNS, figure_table.rows(data), numbers=figure_table.NUMBERS)
        add_table(book, "Sources", SOURCES, _rows(data["references"], SOURCES), numbers=("number",), width=40)
        add_table(book, "Measures", MEASURES, _rows(data["measures"]["rows"], MEASURES), width=40)
    return file.getvalue()


SOURCES = ("number", "title", "publisher", "published", "about", "doi", "address")
MEASURES = ("name", "unit", "text", "adds", "address")


def _rows(told: Iterable[Mapping[str, Any]], names: Sequence[str]) -> Iterable[list[str]]:
    return ([str(one[name]) for name in names] for one in told)

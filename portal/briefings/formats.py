"""The formats of a pack beside PDF, each written from the same frozen content."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from portal.briefings import figure_table
from portal.briefings.word import as_word
from portal.briefings.workbook import as_workbook
from portal.core.csv_lines import csv_lines
from portal.core.workbooks import WORKBOOK

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Format:
    """`write` takes a snapshot with what belongs to the issue, and makes no query."""

    label: str
    media_type: str
    write: Callable[[Mapping[str, Any]], bytes]


def as_csv(data: Mapping[str, Any]) -> bytes:
    """Return every total and figure as lines; no cell is taken for a formula."""
    return "".join(csv_lines(figure_table.COLUMNS, figure_table.rows(data))).encode()


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "docx": Format("Word document", WORD, as_word),
        "xlsx": Format("Figures as a workbook", WORKBOOK, as_workbook),
        "csv": Format("Figures as CSV", "text/csv; charset=utf-8", as_csv),
    }
)

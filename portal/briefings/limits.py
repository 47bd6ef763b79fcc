"""How much one pack may hold, and what is written where something was left out for it."""

import re
from collections.abc import Sequence
from typing import TypeVar

Row = TypeVar("Row")

MOST_ROWS = 200
MOST_CHARACTERS = 20_000
CUT_NOTE = "[Cut here for length: the entry’s page has the whole text.]"

# Characters that neither XML nor PostgreSQL's JSON can hold.
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff￾￿]")


def clean_text(text: str) -> str:
    """Return the text without control characters, cut where it passes the limit, saying so."""
    text = _CONTROL_CHARACTERS.sub("", text).strip()
    if len(text) <= MOST_CHARACTERS:
        return text
    return f"{text[:MOST_CHARACTERS].rstrip()} {CUT_NOTE}"


def clean_line(text: str) -> str:
    return " ".join(clean_text(text).split())


def paragraphs(text: str) -> list[str]:
    """Split a plain text at its empty lines; a single line break is only a space."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", clean_text(text)) if part.strip()]


def cut_rows(rows: Sequence[Row]) -> tuple[list[Row], str]:
    """Return the rows a table may have, and a sentence about those left out, or nothing."""
    left_out = len(rows) - MOST_ROWS
    if left_out <= 0:
        return list(rows), ""
    note = f"{left_out:,} more are on the entry’s page: a table or list here has at most {MOST_ROWS} rows."
    return list(rows[:MOST_ROWS]), note

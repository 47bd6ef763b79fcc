"""How much one pack may hold, and what is written where something was left out for it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

Row = TypeVar("Row")

MOST_ROWS = 200
MOST_CHARACTERS = 20_000
MOST_OF_A_TITLE = 200
MOST_PAGES = 600
CUT_NOTE = "[Cut here for length: the entry’s page has the whole text.]"
TITLE_CUT = "[…]"

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


def clean_title(text: str) -> str:
    """Return a title that still fits a heading; a longer one ends in a mark that it was cut."""
    text = clean_line(text)
    return text if len(text) <= MOST_OF_A_TITLE else f"{text[:MOST_OF_A_TITLE].rstrip()} {TITLE_CUT}"


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


def what_was_cut(name: str, told: Any) -> list[str]:
    """Say what the limits took from one part of a pack, however deep it lies; nothing where nothing was."""
    texts, notes = 0, []
    waiting = [told]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            texts += item.endswith((CUT_NOTE, TITLE_CUT))
        elif isinstance(item, Mapping):
            notes += [item["cut"]] if item.get("cut") else []
            waiting += item.values()
        elif isinstance(item, Sequence):
            waiting += item
    cut = [f"{name}: {texts} text{'s' if texts > 1 else ''} cut for length."] if texts else []
    return cut + [f"{name}: {note}" for note in notes]

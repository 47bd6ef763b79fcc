"""Primary keys as requests name them: any text may come."""

from typing import Any

LARGEST = 2**63 - 1
"""Of a larger number no database asks its rows: SQLite raises instead."""


def key_in(text: Any) -> int | None:
    """Return the key that a text is, or None for a text that can't be one."""
    told = str(text)
    if not (told.isascii() and told.isdecimal() and len(told) < 20):
        return None
    key = int(told)
    return key if key <= LARGEST else None


def keys_in(texts: Any) -> set[int]:
    """Return those of the texts that are keys."""
    return {key for text in texts if (key := key_in(text)) is not None}

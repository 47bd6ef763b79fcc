"""Cells as text: what may stand in a file without being taken for a formula, and how it is read back."""

STARTS_A_FORMULA = (*"=+-@|%\t\r\n", *"\uff1d\uff0b\uff0d\uff20")  # the last four: = + - @ as wide as a letter
MARK = "'"
"""Before a text that a spreadsheet would take for a formula; spreadsheets use the same sign for "as text"."""

CLEAR = "(empty)"
"""An empty cell leaves what is there. This one empties it."""


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; numbers stay numbers. `plain` is its inverse."""
    bare = text.lstrip(MARK)
    if bare.startswith(STARTS_A_FORMULA) and (bare != text or not is_number(text)):
        return MARK + text
    return text


def plain(text: str) -> str:
    """Return what a cell says, without the sign that kept it from being a formula."""
    if text.startswith(MARK) and text.lstrip(MARK).startswith(STARTS_A_FORMULA):
        return text[1:]
    return text


def is_number(text: str) -> bool:
    digits = text[1:] if text[:1] in "+-" else text
    whole, _, part = digits.partition(".")
    return digits.isascii() and whole.isdecimal() and (part.isdecimal() or "." not in digits)

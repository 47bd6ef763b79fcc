"""One page's drawing instructions: is every mark on it tagged or decoration, and does every letter have a shape?"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import pikepdf

OPENS, CLOSES = ("BMC", "BDC"), "EMC"
SHOWS = ("Tj", "TJ", "'", '"')
PAINTS = {*SHOWS, "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "INLINE IMAGE"}
NO_SHAPE = b"\0\0"
"""The glyph that stands for a letter which its font doesn't have."""


class PageContent:
    """`tagged` says of each marked piece of the page whether a tag holds it."""

    def __init__(self, page: pikepdf.Page, tagged: Sequence[bool]) -> None:
        self._page = page
        self._tagged = tagged

    @cached_property
    def _faults(self) -> tuple[bool, bool]:
        untagged = lacks_letters = False
        inside: list[bool] = []
        for instruction in pikepdf.parse_content_stream(self._page):
            operands, name = instruction.operands, str(instruction.operator)
            if name in OPENS:
                inside.append(self._is_fine(operands))
            elif name == CLOSES:
                inside.pop()
            elif name in PAINTS:
                untagged = untagged or not any(inside)
                lacks_letters = lacks_letters or (name in SHOWS and _has_no_shape(operands))
        return untagged, lacks_letters

    def _is_fine(self, operands: Any) -> bool:
        """Say whether a marked piece is decoration, or content that a tag holds."""
        if str(operands[0]) == "/Artifact":
            return True
        number = operands[1].get("/MCID") if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) else None
        return number is not None and int(number) < len(self._tagged) and self._tagged[int(number)]

    @property
    def is_untagged(self) -> bool:
        return self._faults[0]

    @property
    def lacks_letters(self) -> bool:
        return self._faults[1]


def _has_no_shape(operands: Any) -> bool:
    """Look for the shapeless glyph among those shown, each of two bytes."""
    for operand in operands:
        for item in operand if isinstance(operand, pikepdf.Array) else [operand]:
            if isinstance(item, pikepdf.String):
                glyphs = bytes(item)
                if any(glyphs[place : place + 2] == NO_SHAPE for place in range(0, len(glyphs), 2)):
                    return True
    return False

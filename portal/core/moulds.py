"""HTML that a template rendered once, with slots for what differs from page to page."""

import re
from collections.abc import Mapping

from django.utils.safestring import SafeString

_SLOT = re.compile("\x02([^\x03]*)\x03")

Mould = list[str]
"""What stays of the HTML, and between each two pieces the name of a slot."""


def slot(name: str) -> SafeString:
    """Return what a template writes where something goes later."""
    return SafeString(f"\x02{name}\x03")  # nosec B703  # a name of ours between marks


def mould_of(html: str) -> Mould:
    return _SLOT.split(html)


def fill(mould: Mould, bits: Mapping[str, str]) -> SafeString:
    """Put HTML into the slots. A name that nobody gave, as a text with control characters may hold, stays empty."""
    # The pieces are our own template's output, escaped when it was rendered.
    return SafeString("".join(bits.get(piece, "") if place % 2 else piece for place, piece in enumerate(mould)))  # nosec B703  # a filled mould's bits were escaped

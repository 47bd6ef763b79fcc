"""Letters that no font of this machine has: in a document they would be empty boxes that no software can read back.

They are replaced before the layout, and the pack says where. The site and the other formats show what was typed.
"""

import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from cffi import FFI

INSTEAD = "\N{WHITE SQUARE}"
UNSEEN = ("Cc", "Cf", "Mn", "Me", "Zl", "Zp")
"""Kinds of characters that steer or vary others: without a shape they are dropped, and nothing is missed."""

_DECLARATIONS = """
    typedef struct _FcPattern FcPattern;
    typedef struct _FcCharSet FcCharSet;
    typedef struct { int nfont; int sfont; FcPattern **fonts; } FcFontSet;
    FcFontSet *FcConfigGetFonts (void *config, int set);
    int FcPatternGetCharSet (FcPattern *pattern, const char *object, int n, FcCharSet **found);
    int FcPatternGetString (FcPattern *pattern, const char *object, int n, unsigned char **found);
    int FcCharSetHasChar (const FcCharSet *letters, unsigned int letter);
    int FcInit (void);
"""


def _fontconfig() -> tuple[FFI, Any, Any]:
    """Return the library that the renderer asks too, and the fonts it knows."""
    ffi = FFI()
    ffi.cdef(_DECLARATIONS)
    library: Any = ffi.dlopen("libfontconfig.so.1")
    library.FcInit()
    fonts = library.FcConfigGetFonts(ffi.NULL, 0)
    return ffi, library, fonts.fonts[0 : fonts.nfont]


def load_fonts() -> None:
    """Read fontconfig's lists of fonts into this process, for good.

    Where the memory for a list is wanting, fontconfig makes it anew of what it can read, and writes that down for
    everybody: a fork that was limited first would take the fonts from every document to come.
    """
    _fontconfig()


def font_families() -> set[str]:
    """Return the first name of each family of fonts on this machine."""
    ffi, library, fonts = _fontconfig()
    found = ffi.new("unsigned char **")
    named = (font for font in fonts if library.FcPatternGetString(font, b"family", 0, found) == 0)
    return {ffi.string(found[0]).decode() for _ in named}


@cache
def _has_a_shape() -> Callable[[str], bool]:
    """Return a function that says whether any font here has a letter."""
    ffi, library, fonts = _fontconfig()
    found = ffi.new("FcCharSet **")
    sets = []
    for font in fonts:
        if library.FcPatternGetCharSet(font, b"charset", 0, found) == 0:
            sets.append(found[0])
    return cache(lambda letter: any(library.FcCharSetHasChar(letters, ord(letter)) for letters in sets))


def with_letters_we_have(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a pack with a square for each letter without a shape, and a sentence about each such part."""
    entries = [(f"{entry['number']}. {_mended(entry['title'])}", entry) for entry in data["entries"]]
    rest = ("The pack", {name: value for name, value in data.items() if name not in ("entries", "cut")})
    missing = [(name, _lacking(part)) for name, part in [rest, *entries]]
    notes = [_note(name, number) for name, number in missing if number]
    if not notes:
        return dict(data)
    return {**_mended(data), "cut": [*_mended(data.get("cut", [])), *notes]}


def _note(name: str, number: int) -> str:
    letters = f"{number:,} letters are" if number > 1 else "1 letter is"
    return f"{name}: {letters} of a script for which there is no font here, shown as {INSTEAD}. The site has them."


def _lacking(told: Any) -> int:
    if isinstance(told, str):
        return 0 if told.isascii() else sum(_without_shape(letter) == INSTEAD for letter in told)
    if isinstance(told, Mapping):
        return sum(_lacking(value) for value in told.values())
    return sum(_lacking(value) for value in told) if isinstance(told, list | tuple) else 0


def _mended(told: Any) -> Any:
    if isinstance(told, str):
        return told if told.isascii() else "".join(map(_without_shape, told))
    if isinstance(told, Mapping):
        return {name: _mended(value) for name, value in told.items()}
    return [_mended(value) for value in told] if isinstance(told, list | tuple) else told


def _without_shape(letter: str) -> str:
    """Return a letter, or what stands for it where no font has it."""
    if letter.isascii() or _has_a_shape()(letter):
        return letter
    return "" if unicodedata.category(letter) in UNSEEN else INSTEAD

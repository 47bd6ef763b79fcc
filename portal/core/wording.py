"""Two texts side by side, with the words that differ marked."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby, takewhile
from operator import itemgetter
from typing import NamedTuple

# Comparing takes time that grows with the product of the words: above this the middle is marked whole.
MOST_WORDS = 1500


class Piece(NamedTuple):
    """A run of words; `marked` when the other text does not have it here."""

    text: str
    marked: bool = False


Pieces = tuple[Piece, ...]


def compare_words(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Return both texts in pieces: what only the first has is marked there, what only the second has here."""
    old, new = _words(before), _words(after)
    marks_old, marks_new = _marks([word.rstrip() for word in old], [word.rstrip() for word in new])
    return _pieces(old, marks_old), _pieces(new, marks_new)


def likeness(before: str, after: str) -> float:
    """Return how alike two texts are word by word: 0 for nothing in common, 1 for the same words."""
    old, new = before.split(), after.split()
    if len(old) > MOST_WORDS or len(new) > MOST_WORDS:
        return float(old == new)
    return SequenceMatcher(None, old, new, autojunk=False).ratio()


def _words(text: str) -> list[str]:
    """Cut a text into words, each with the space after it."""
    return re.findall(r"\S+\s*|\s+", text)


def _marks(old: list[str], new: list[str]) -> tuple[list[bool], list[bool]]:
    """Say of each word whether it is marked. What both begin and end with is set aside first."""
    start = _in_common(old, new)
    end = _in_common(old[start:][::-1], new[start:][::-1])
    last_old, last_new = len(old) - end, len(new) - end
    marks_old = [start <= place < last_old for place in range(len(old))]
    marks_new = [start <= place < last_new for place in range(len(new))]
    if max(last_old, last_new) - start <= MOST_WORDS:
        for same in SequenceMatcher(
            None, old[start:last_old], new[start:last_new], autojunk=False
        ).get_matching_blocks():
            for step in range(same.size):
                marks_old[start + same.a + step] = marks_new[start + same.b + step] = False
    return marks_old, marks_new


def _in_common(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many words two texts begin with alike."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
    return sum(1 for _ in pairs)


def _pieces(words: list[str], marks: list[bool]) -> Pieces:
    """Join neighbours with the same mark; the space after a marked run is not part of it."""
    pieces: list[Piece] = []
    for marked, run in groupby(zip(words, marks, strict=True), key=itemgetter(1)):
        text = "".join(word for word, _ in run)
        kept = text.rstrip() if marked else text
        pieces.append(Piece(kept, marked))
        if kept != text:
            pieces.append(Piece(text[len(kept) :]))
    return tuple(pieces)

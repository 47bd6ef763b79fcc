"""Entries whose title or other names go on as somebody types."""

from pyroaring import BitMap

from portal.catalogue.finding.engines import Section
from portal.catalogue.finding.index import Index
from portal.catalogue.finding.terms import Phrase, trim, words_of

MOST = 6
SHORTEST = 2


def suggested(typed: str, index: Index) -> list[int]:
    """Return the entries whose names hold every word typed, the last one as a beginning; best evidenced first."""
    words = words_of(trim(typed))
    if not words or len(words[-1]) < SHORTEST:
        return []
    phrases = [*(Phrase((word,)) for word in words[:-1]), Phrase((words[-1],), is_prefix=True)]
    found = BitMap.intersection(*(index.holding_phrase(one, Section.TITLE) for one in phrases))
    return index.in_order("strength").page(found, 0, MOST)

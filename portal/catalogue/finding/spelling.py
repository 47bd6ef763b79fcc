"""The nearest words that entries hold to those that they don't: offered, never searched for instead."""

from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.catalogue.finding.documents import SHORTEST
from portal.catalogue.finding.terms import words_of
from portal.catalogue.models import SearchWord, Synonyms

CANDIDATES = 10


def nearest_words(words: list[str], mark: str) -> dict[str, str]:
    """Return, for each word that has one, the nearest word that entries hold, the most frequent of equals."""
    return {word: near for word in words if (near := _nearest(word, mark))}


def _nearest(word: str, mark: str) -> str:
    if len(word) < SHORTEST or word.isdigit():
        return ""
    known = _known_words(mark)
    mistakes = 1 if len(word) < 7 else 2
    near = process.extract(
        word, known.keys(), scorer=OSA.distance, score_cutoff=mistakes, limit=CANDIDATES, processor=None
    )
    best = min(near, key=lambda one: (one[1], -known[one[0]], one[0]), default=None)
    return str(best[0]) if best else ""


@lru_cache(maxsize=1)
def _known_words(mark: str) -> dict[str, int]:
    """Return every word of published entries and of the synonyms with how many entries hold it; kept for a version."""
    same = {word: 0 for row in Synonyms.objects.filter(in_use=True) for term in row.listed for word in words_of(term)}
    return same | dict(SearchWord.objects.values_list("word", "entries"))

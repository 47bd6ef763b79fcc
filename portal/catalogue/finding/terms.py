"""What a reader typed, as words, phrases and the others that mean the same. Plain values, no database."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

MAX_CHARACTERS = 200
MAX_WORDS = 20
_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')
_QUOTES = str.maketrans("“”„«»", '"""""')
# Left out unless a reader quotes them or types nothing else: nearly every entry holds them.
COMMON = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is"}
    | {"it", "of", "on", "or", "that", "the", "this", "to", "was", "with"}
)

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """Return the runs of letters and digits in `text`, in small letters: e-Rostering is two."""
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).lower()))


@dataclass(frozen=True)
class Phrase:
    """Words that stand beside each other; of a prefix the last one goes on."""

    words: Words
    is_prefix: bool = False


Way = tuple[Phrase, ...]
"""All of these phrases."""

Clause = tuple[Way, ...]
"""Any of these ways."""


@dataclass(frozen=True)
class Term:
    """One thing that was typed: a phrase in quotes, or what stands between two spaces."""

    words: Words
    is_quoted: bool


def trim(text: str) -> str:
    """Return what is looked for of a text of any length: 200 characters, 20 words, single spaces.

    Control and direction marks are left out; a quotation mark without its pair too.
    """
    visible = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text[: MAX_CHARACTERS * 4])
    kept = " ".join(visible[:MAX_CHARACTERS].split()[:MAX_WORDS]).translate(_QUOTES)
    return kept if kept.count('"') % 2 == 0 else " ".join(kept.replace('"', " ").split())


def terms_of(text: str) -> list[Term]:
    """Return the terms of a trimmed text; common words go where others are left."""
    found = [Term(words_of(quoted or bare), bool(quoted)) for quoted, bare in _TERM.findall(text)]
    found = [term for term in found if term.words]
    telling = [term for term in found if term.is_quoted or not COMMON.issuperset(term.words)]
    return telling or found


class SameMeaning:
    """Which phrases mean the same; looked up with or without the s of a plural."""

    def __init__(self, groups: Iterable[Iterable[str]] = ()) -> None:
        self._others: Mapping[Words, list[Words]] = defaultdict(list)
        for group in groups:
            phrases = list(dict.fromkeys(filter(None, map(words_of, group))))
            for phrase in phrases:
                self._others[_singular(phrase)] += [other for other in phrases if other != phrase]

    def others(self, words: Words) -> list[Words]:
        return list(dict.fromkeys(self._others.get(_singular(words), [])))

    @cached_property
    def longest(self) -> int:
        return max(map(len, self._others), default=0)


def _singular(words: Words) -> Words:
    return tuple(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)


def clauses_of(terms: list[Term], meaning: SameMeaning) -> tuple[Clause, ...]:
    """Return what must all be found. Words that together mean something else are found by that too."""
    return tuple(_clauses(terms, meaning))


def _clauses(terms: list[Term], meaning: SameMeaning) -> Iterator[Clause]:
    at = 0
    while at < len(terms):
        run, others = _longest_with_others(terms[at:], meaning)
        as_typed: Way = tuple(Phrase(term.words) for term in run)
        if others:
            yield (as_typed, *((Phrase(other),) for other in others))
        else:
            yield (as_typed,)
        at += len(run)


def _longest_with_others(terms: list[Term], meaning: SameMeaning) -> tuple[list[Term], list[Words]]:
    """Return the longest run of unquoted terms that means the same as something else, or the first term alone."""
    for length in range(min(len(terms), max(meaning.longest, 1)), 0, -1):
        run = terms[:length]
        if any(term.is_quoted for term in run):
            continue
        others = meaning.others(tuple(word for term in run for word in term.words))
        if others:
            return run, others
    return terms[:1], []

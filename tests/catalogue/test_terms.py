"""What a reader types becomes words and phrases; no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalogue.finding.engines import Fts5, TextSearch
from portal.catalogue.finding.terms import (
    MAX_CHARACTERS,
    MAX_WORDS,
    Phrase,
    SameMeaning,
    clauses_of,
    terms_of,
    trim,
    words_of,
)

SAME = SameMeaning(
    [
        ["eRD", "electronic repeat dispensing"],
        ["AHSN", "health innovation network", "HIN"],
        ["collaborative bank", "shared bank", "flexible staffing pool"],
    ]
)


def ways(text: str, meaning: SameMeaning = SAME) -> list[set[str]]:
    """Write each clause as its ways: words of one phrase joined by a space, phrases of one way by a plus."""
    return [
        {"+".join(" ".join(phrase.words) for phrase in way) for way in clause}
        for clause in clauses_of(terms_of(trim(text)), meaning)
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("staff bank", [{"staff"}, {"bank"}]),
        ("e-rostering", [{"e rostering"}]),
        ('"staff bank" nurses', [{"staff bank"}, {"nurses"}]),
        ("“staff bank”", [{"staff bank"}]),
        ("nurses in the ward", [{"nurses"}, {"ward"}]),
        ("to be or not", [{"not"}]),
        ("the", [{"the"}]),
        ('"the ward"', [{"the ward"}]),
        ('half "open', [{"half"}, {"open"}]),
        ("%_ () NEAR(a b) a:b *", [{"near a"}, {"b"}, {"a b"}]),
        ("\x00\u202e!", []),
    ],
)
def test_words_and_phrases(typed: str, found: list[set[str]]) -> None:
    assert ways(typed, SameMeaning()) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("erd", [{"erd", "electronic repeat dispensing"}]),
        ("electronic repeat dispensing", [{"electronic+repeat+dispensing", "erd"}]),
        ("shared banks nurses", [{"shared+banks", "collaborative bank", "flexible staffing pool"}, {"nurses"}]),
        ("AHSNs", [{"ahsns", "health innovation network", "hin"}]),
        ('"shared bank"', [{"shared bank"}]),
        ("bank shared", [{"bank"}, {"shared"}]),
    ],
)
def test_words_that_mean_the_same_work_both_ways(typed: str, found: list[set[str]]) -> None:
    assert ways(typed) == found


@given(st.text(max_size=2000))
def test_whatever_is_typed_stays_within_the_limits_and_is_nothing_but_words(text: str) -> None:
    kept = trim(text)
    assert len(kept) <= MAX_CHARACTERS
    assert len(kept.split()) <= MAX_WORDS
    for clause in clauses_of(terms_of(kept), SAME):
        for way in clause:
            assert way
            assert all(word.isalnum() for phrase in way for word in phrase.words)
            assert all(phrase.words for phrase in way)


def test_each_engine_gets_terms_as_quoted_words() -> None:
    clauses = clauses_of(terms_of('erd "staff bank" x'), SAME)
    assert Fts5()._match(clauses) == ('(("erd") OR ("electronic repeat dispensing")) AND (("staff bank")) AND (("x"))')
    assert TextSearch()._match(clauses) == (
        "((('erd')) | (('electronic' <-> 'repeat' <-> 'dispensing'))) & ((('staff' <-> 'bank'))) & ((('x')))"
    )


def test_a_prefix_is_the_beginning_of_a_phrases_last_word() -> None:
    assert words_of("e-Rost") == ("e", "rost")
    assert Phrase(("e", "rost"), is_prefix=True) != Phrase(("e", "rost"))

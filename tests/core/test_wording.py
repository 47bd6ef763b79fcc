"""Two texts compared word by word."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.wording import MOST_WORDS, Piece, compare_words, likeness


def marked(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.marked]


def test_what_was_taken_out_and_put_in_is_marked_and_nothing_else() -> None:
    before, after = compare_words(
        "It saved 41,000 hours in two wards.", "It saved about 38,500 hours in two wards of Dorset."
    )

    assert before == (
        Piece("It saved "), Piece("41,000", True), Piece(" "), Piece("hours in two "), Piece("wards.", True)
    )  # fmt: skip
    assert marked(after) == ["about 38,500", "wards of Dorset."]


def test_a_space_more_between_words_marks_no_word() -> None:
    before, after = compare_words("one two", "one  two ")

    assert marked(before) == marked(after) == []


@pytest.mark.slow
@given(st.text(), st.text())
def test_no_word_is_lost(before: str, after: str) -> None:
    old, new = compare_words(before, after)

    assert "".join(piece.text for piece in old) == before
    assert "".join(piece.text for piece in new) == after


@pytest.mark.slow
@given(st.lists(st.sampled_from("abc ")).map("".join), st.lists(st.sampled_from("abc ")).map("".join))
def test_what_is_not_marked_is_the_same_on_both_sides(before: str, after: str) -> None:
    old, new = compare_words(before, after)

    def kept(pieces: tuple[Piece, ...]) -> list[str]:
        return [word for piece in pieces if not piece.marked for word in piece.text.split()]

    assert kept(old) == kept(new)


def test_very_long_texts_take_no_time_and_their_middle_is_marked_whole() -> None:
    words = [f"{number % 7}" for number in range(60 * MOST_WORDS)]
    begun = time.monotonic()

    before, _ = compare_words("same " + " ".join(words) + " end", "same " + " ".join(reversed(words)) + " end")

    assert time.monotonic() - begun < 2
    assert [piece.marked for piece in before] == [False, True, False, False]


def test_likeness_counts_the_words_in_common() -> None:
    assert likeness("a b c d", "a b c e") == 0.75
    assert likeness("a", "b") == 0
    assert likeness("a", "a") == 1

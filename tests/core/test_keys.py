"""Keys that requests name."""

from typing import Any

import pytest

from portal.core.keys import LARGEST, key_in, keys_in


@pytest.mark.parametrize(
    ("text", "key"),
    [("12", 12), (12, 12), (str(LARGEST), LARGEST), (str(LARGEST + 1), None), ("9" * 400, None)]
    + [(text, None) for text in ("", "-1", "1.0", " 1", "١٢", "x", "1\0", None)],
)
def test_what_can_be_no_key_is_none(text: Any, key: int | None) -> None:
    assert key_in(text) == key


def test_the_keys_among_texts_are_kept() -> None:
    assert keys_in(["3", "x", 3, "", None, "4"]) == {3, 4}

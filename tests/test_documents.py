"""What the documents say of the tests is true of them."""

import re
from pathlib import Path

import pytest

NAMED = re.compile(r"tests/[\w/]+\.py(?:::(\w+))?")
LEAST = {"threat-model.md": 50, "asvs.md": 40, "dtac.md": 4}


@pytest.mark.parametrize("document", LEAST)
def test_every_test_that_a_document_names_is_there(checkout: Path, document: str) -> None:
    text = (checkout / "docs" / document).read_text()
    named = list(NAMED.finditer(text))
    missing = [found[0] for found in named if not _is_there(checkout, found[0].partition("::")[0], found[1])]
    assert missing == []
    assert len(named) >= LEAST[document]


def _is_there(checkout: Path, file: str, name: str | None) -> bool:
    path = checkout / file
    return path.is_file() and (name is None or f"\ndef {name}(" in path.read_text())

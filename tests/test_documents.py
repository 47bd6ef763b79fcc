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


def test_each_asset_of_the_threat_model_says_who_reaches_it_and_what_proves_it(checkout: Path) -> None:
    told = (checkout / "docs" / "threat-model.md").read_text().partition("## What is protected")[2]
    assets = re.split(r"^### ", told, flags=re.MULTILINE)[1:]
    assert len(assets) >= 13
    for asset in assets:
        reached, *rows = asset.partition("\n| threat | control | proof |\n|---|---|---|\n")
        assert len(reached.strip().splitlines()) > 1, f"who reaches {asset.splitlines()[0]}?"
        for row in re.findall(r"^\| .*$", rows[1], re.MULTILINE):
            assert NAMED.search(row.split(" | ")[-1]), f"no proof: {row}"


def _is_there(checkout: Path, file: str, name: str | None) -> bool:
    path = checkout / file
    return path.is_file() and (name is None or f"\ndef {name}(" in path.read_text())

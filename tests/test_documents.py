"""What the documents say of the tests is true of them."""

import re
from pathlib import Path

import pytest

NAMED = re.compile(r"tests/[\w/]+\.py(?:::(\w+))?")
LEAST = {"threat-model.md": 50, "asvs.md": 40, "dtac.md": 4, "faults.md": 60}
# ASVS 5.0.0 counts each section's requirements of levels 1 and 2 first: so many are asked by sections 1, 2, 3, ...
OF_LEVEL_2 = {
    1: [2, 9, 11, 3, 2],
    2: [3, 3, 4, 1],
    3: [0, 2, 4, 6, 5, 0, 2],
    4: [3, 1, 2, 4],
    5: [1, 3, 2, 3],
    6: [3, 12, 4, 4, 5, 3, 0, 4],
    7: [3, 4, 2, 5, 2, 2],
    8: [2, 3, 1, 1],
    9: [3, 4],
    10: [2, 2, 4, 11, 5, 2, 3],
    11: [2, 3, 3, 4, 1, 1],
    12: [3, 2, 4],
    13: [1, 5, 2, 5],
    14: [2, 4, 3],
    15: [3, 3, 7],
    16: [1, 5, 4, 3, 3],
    17: [1, 4, 2],
}
ASKED = re.compile(r"\b(\d+\.\d+)(?:\.(\d+)(?: to \1\.(\d+))?)?")


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


def test_no_requirement_of_asvs_is_left_out_or_answered_twice(checkout: Path) -> None:
    wanted = {
        f"{chapter}.{section}": how_many
        for chapter, sections in OF_LEVEL_2.items()
        for section, how_many in enumerate(sections, start=1)
        if how_many
    }
    text = (checkout / "docs" / "asvs.md").read_text()
    answered = [
        f"{section}.{number}"
        for asked in re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
        for section, first, last in ASKED.findall(asked)
        for number in range(int(first or 1), int(last or first or wanted[section]) + 1)
    ]
    assert sorted(answered) == sorted(f"{section}.{one + 1}" for section, most in wanted.items() for one in range(most))


def _is_there(checkout: Path, file: str, name: str | None) -> bool:
    path = checkout / file
    return path.is_file() and (name is None or f"\ndef {name}(" in path.read_text())

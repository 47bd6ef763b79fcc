"""The letters on the tiles of a map: short, and never the same on two."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from portal.organisations.tiles import letters_for

TABLES = Path("portal/organisations/tables")


@pytest.mark.parametrize("boards_from", ["2022-07-01", "2026-04-01"])
def test_no_two_boards_of_a_map_share_their_letters(boards_from: str) -> None:
    with (TABLES / "icbs.csv").open() as boards, (TABLES / "icb_map_tiles.csv").open() as tiles:
        names = {row["code"]: row["short_name"] for row in csv.DictReader(boards)}
        shown = [names[row["icb"]] for row in csv.DictReader(tiles) if row["boards_from"] == boards_from]
    letters = letters_for(shown)
    assert len(letters) == len(shown) > 30
    assert [short for short, many in Counter(letters.values()).items() if many > 1] == []


def test_only_those_that_would_read_alike_get_more_letters() -> None:
    names = ["Surrey and Sussex", "Staffordshire and Stoke-on-Trent", "South Yorkshire", "Devon"]
    assert list(letters_for(names).values()) == ["SuS", "StS", "SY", "Devo"]


def test_names_that_never_differ_are_still_shortened() -> None:
    assert letters_for(["Northern One", "Northerly One"]) == {"Northern One": "NorO", "Northerly One": "NorO"}

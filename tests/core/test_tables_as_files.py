"""Rows as CSV and as sheets: never a formula, cut where a workbook can hold no more, and said so."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from portal.core import workbooks
from portal.core.csv_lines import csv_line
from portal.core.workbooks import MOST_CHARACTERS, Sheet, writing_workbook


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r\n=1+1", "  =1+1", "|cmd"])
def test_no_cell_of_a_line_is_a_formula(text: str) -> None:
    assert csv_line([text]).lstrip('"')[0] == "'"


def test_numbers_and_plain_text_stay_as_they_are() -> None:
    assert csv_line(["-5.25", "1,200", "−5", "text", 7, None]) == '-5.25,"1,200",−5,text,7,\r\n'


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_table_too_long_for_a_sheet_goes_on_on_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    with writing_workbook(tmp_path / "book.xlsx") as book:
        sheet, other = Sheet(book, "long", ["text", "number"], numbers=["number"]), Sheet(book, "other", ["text"])
        for number in range(5):
            sheet.add([f"=row {number}", f"{number}.5"])
            other.add(["x" * (MOST_CHARACTERS + 1)]) if number == 0 else None
    read = load_workbook(tmp_path / "book.xlsx")
    assert read.sheetnames == ["long", "other", "long 2", "long 3"]

    def values(name: str) -> list[list[Any]]:
        return [[cell.value for cell in row] for row in read[name].iter_rows()]

    rows = [row for name in ("long", "long 2", "long 3") for row in values(name)[1:]]
    assert rows == [[f"=row {number}", number + 0.5] for number in range(5)]
    assert {values(name)[0][1] for name in ("long", "long 2", "long 3")} == {"number"}
    assert values("other")[1][0] == "x" * (MOST_CHARACTERS - 1) + "…"
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]

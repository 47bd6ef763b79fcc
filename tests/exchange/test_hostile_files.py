"""Files that are broken or meant to do harm: refused with the reason, or read as the text they are."""

import io
import random
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exchange.imports.cells import STARTS_A_FORMULA, neutral, plain
from portal.exchange.imports.reading import child, limits
from portal.exchange.imports.reading.limits import Refused
from portal.exchange.imports.reading.lines import rows_of_lines
from portal.exchange.imports.reading.workbook import OLE, rows_of_workbook
from tests.exchange.imports_scene import upload
from tests.factories import NetworkRoleFactory

SHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows: list[Any], merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """Return a workbook with one part added, or put in the place of its own."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        new.writestr(name, part)
    return file.getvalue()


def sheet_with(rows: bytes) -> bytes:
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return with_part(workbook(["a"]), SHEET, start + rows + b"</sheetData></worksheet>")


def read(content: bytes, folder: Path, name: str = "file.xlsx") -> list[list[str]]:
    """Read a file as the limited process does; return its rows."""
    path = folder / name
    path.write_bytes(content)
    rows = rows_of_workbook(path) if content.startswith((b"PK", OLE)) else rows_of_lines(path, name)
    return [cells for _, _, cells in rows]


GOOD = workbook(["Title"], ["Rota"])
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(GOOD[:-400], "cut off or damaged", id="truncated"),
        pytest.param(GOOD[:60], "cut off or damaged", id="beginning alone"),
        pytest.param(with_part(GOOD, SHEET, b"<worksheet><sheetData><row><c>"), "cut off or damaged", id="broken XML"),
        pytest.param(with_part(GOOD, "xl/vbaProject.bin", b"x"), "holds macros", id="macros"),
        pytest.param(OLE + b"x" * 600 + "EncryptedPackage".encode("utf-16-le"), "password", id="password"),
        pytest.param(OLE + b"x" * 600, r"old workbook \(\.xls\)", id="old"),
        pytest.param(
            workbook(["a", "b"], ["c", "d"], merge="A1:B2"), r"merged in the sheet “Sheet” \(A1:B2\)", id="merged"
        ),
        pytest.param(with_part(GOOD, "xl/x.xml", b"0" * 30_000_000), "unpacks to far more", id="bomb"),
        pytest.param(with_part(GOOD, "xl/x.xml", LAUGHS), "declarations", id="entities"),
        pytest.param(
            sheet_with(b'<row r="1"><c r="ZZZ1" t="n"><v>1</v></c></row>'), "more than 200 columns", id="far column"
        ),
        pytest.param(
            sheet_with(b'<row r="900000"><c r="A900000"><v>1</v></c></row>'), "more than 500 rows", id="far row"
        ),
    ],
)
def test_a_workbook_that_can_not_be_read_is_refused_with_the_reason(
    content: bytes, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ROWS", 500)
    with pytest.raises(Refused, match=reason):
        read(content, tmp_path)


def test_an_archive_of_many_parts_or_none_of_a_workbook_is_refused(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(limits.PARTS + 1):
            archive.writestr(f"xl/{number}.xml", "")
    with pytest.raises(Refused, match="unpacks to far more"):
        read(file.getvalue(), tmp_path)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("holiday.jpg", "x")
    with pytest.raises(Refused, match="no workbook"):
        read(file.getvalue(), tmp_path)


def test_what_a_workbook_claims_of_its_size_is_not_believed(tmp_path: Path) -> None:
    lying = b'<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c t="inlineStr"><is><t>Title</t></is></c></row>'
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    content = with_part(GOOD, SHEET, start + lying + b"</sheetData></worksheet>")
    assert read(content, tmp_path) == [["Title"]]


def test_formulas_are_text_and_are_not_worked_out(tmp_path: Path) -> None:
    content = workbook(["Title", "Value"], ["=1+1", '=WEBSERVICE("http://x")'])
    assert read(content, tmp_path)[1] == ["=1+1", '=WEBSERVICE("http://x")']
    assert read(b"Title\n=1+1\n'=2\n", tmp_path, "a.csv") == [["Title"], ["=1+1"], ["=2"]]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param("Title\n£5 für Café".encode("cp1252"), r"not in UTF-8 \(line 2, byte 0xA3\)", id="Windows"),
        pytest.param("Title\nRota".encode("utf-16"), "but in UTF-16", id="UTF-16"),
        pytest.param(b"Title\n\0\0\0", "Line 2 holds bytes that are no text", id="binary"),
        pytest.param(b'Title,Summary\nRota,"never closed', "from row 2 on", id="truncated"),
        pytest.param(b"Title\n" + b"x," * 1_000_000, "Row 2 has more than 200 columns", id="a million columns"),
        pytest.param(b"a\n" * (limits.ROWS + 2), "more than 60,000 rows", id="too many rows"),
    ],
)
def test_a_csv_that_can_not_be_read_is_refused_with_the_reason(content: bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=reason):
        read(content, tmp_path, "file.csv")


def test_every_line_end_and_separator_is_read_even_mixed(tmp_path: Path) -> None:
    assert read(b'a,b\r\nc,"d\r\ne"\rf,g\nh,i', tmp_path, "a.csv") == [
        ["a", "b"],
        ["c", "d\ne"],
        ["f", "g"],
        ["h", "i"],
    ]
    for separator in (b";", b"\t"):
        text = b"\xef\xbb\xbf" + separator.join([b"Title", b"One, two"])
        assert read(text, tmp_path, "a.csv") == [["Title", "One, two"]]


def test_a_cell_of_a_book_s_length_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Title\n" + "x" * (limits.CELL_CHARACTERS + 1))
    with pytest.raises(Refused, match=r"A cell in row 2 .* more than 20,000 characters"):
        child.read(path, "a.csv")


def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("Title\nRota")
    with pytest.raises(Refused, match="it is no workbook"):
        child.read(path, "a.xlsx")


@given(st.text(st.sampled_from("=+-@|%'\t 1.x,\uff1d")))
def test_what_goes_out_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    out = neutral(text)
    assert plain(out) == text
    assert not out.startswith(STARTS_A_FORMULA) or float(out) is not None


@pytest.mark.slow
@pytest.mark.django_db
def test_the_process_that_reads_is_bounded_and_the_worker_reads_on(
    england: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file that would need more memory than there may be, one that is fine: both by the real process."""
    monkeypatch.setattr(limits, "MEMORY_BYTES", 150_000_000)
    editor = NetworkRoleFactory(role="editor")
    chance = random.Random(7)
    cells = b"".join(b"<c><v>%d</v></c>" % chance.randrange(10**9) for _ in range(200_000))
    hostile = sheet_with(b"<row>" + cells + b"</row>")
    assert len(hostile) < limits.FILE_BYTES
    refused = upload(hostile, network=editor.network, by=editor.user, name="wide.xlsx")
    assert (refused.state, refused.error) == ("refused", child.TOO_MUCH_MEMORY)
    good = upload(
        workbook(["Address", "Title"], ["rota", "Rota"]), network=editor.network, by=editor.user, name="a.xlsx"
    )
    assert (good.state, good.rows.get().state) == ("checked", "new")

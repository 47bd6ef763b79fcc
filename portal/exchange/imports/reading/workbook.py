"""Read an XLSX workbook: look the archive over first, then take its cells as text, sheet by sheet."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError  # nosec B405  # the error alone; openpyxl reads with defusedxml

from portal.exchange.imports.cells import plain
from portal.exchange.imports.reading import limits
from portal.exchange.imports.reading.limits import Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = re.compile(re.escape("EncryptedPackage".encode("utf-16-le")))
DECLARATION = re.compile(rb"<!DOCTYPE|<!ENTITY")
TRUNCATED = (
    "The workbook can’t be opened: it is cut off or damaged. Open it in a spreadsheet program, save it again as "
    "“Excel Workbook (.xlsx)” and upload that."
)
MACROS = "The workbook holds macros. Save it as “Excel Workbook (.xlsx)”, without macros, and upload that."
PROTECTED = "The workbook is protected with a password. Take the password off, save it and upload it again."
OLD = "This is an old workbook (.xls). Save it as “Excel Workbook (.xlsx)” and upload that."
BOMB = (
    "The workbook unpacks to far more than a workbook of rows would. Copy the rows into our template and upload that."
)
HOLDS_DTD = "The workbook holds declarations that no spreadsheet program writes. Copy the rows into our template."
MERGED = (
    "Cells are merged in the sheet “{sheet}” ({cells}). Unmerge them, so that each row has its own values, and upload "
    "it again."
)
TOO_WIDE = "The sheet “{sheet}” has more than {most} columns in row {row}. Keep the columns of our template."
UNREADABLE = re.compile(
    rb"<(?:\w+:)?(?:mergeCell\s[^>]*?ref=[\"'](?P<merged>[A-Za-z0-9:$]{1,30})[\"']"
    # A cell right of GR, the two hundredth column, that is not empty: far empty ones are only coloured.
    rb"|c\s[^>]*?r=[\"'](?:[A-Z]{3}|G[S-Z]|[H-Z][A-Z])(?P<row>\d{1,9})[\"'](?:[^>]*[^/>])?>)"
)
BIT_ENCRYPTED = 0x1
CHUNK = 1_000_000
OVERLAP = 200


def look_over(path: Path) -> None:
    """Raise Refused unless the archive is one of a plain workbook and of a size that can be read."""
    with path.open("rb") as file:
        if file.read(len(OLE)) == OLE:
            raise Refused(PROTECTED if next(_search(file, ENCRYPTED), None) else OLD)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive.infolist())
            for part in archive.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as content:
                        if next(_search(content, DECLARATION), None):
                            raise Refused(HOLDS_DTD)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Refused(TRUNCATED) from error


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & BIT_ENCRYPTED for part in parts):
        raise Refused(PROTECTED)
    names = {part.filename.casefold() for part in parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Refused(MACROS)
    if len(parts) > limits.PARTS or sum(part.file_size for part in parts) > limits.UNPACKED_BYTES:
        raise Refused(BOMB)
    for part in parts:
        if part.file_size > limits.SMALL_PART and part.file_size > limits.PACKED_TO * max(1, part.compress_size):
            raise Refused(BOMB)
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refused("The file is an archive, but no workbook. Upload an .xlsx or .csv file.")


def _search(content: IO[bytes], pattern: "re.Pattern[bytes]") -> Iterator["re.Match[bytes]"]:
    """Yield what is found in a stream, a chunk at a time."""
    before = b""
    while chunk := content.read(CHUNK):
        yield from pattern.finditer(before + chunk)
        before = chunk[-OVERLAP:]


def rows_of_workbook(path: Path) -> Iterator[tuple[str, int, list[str]]]:
    """Yield each filled row of each sheet: the sheet's name, the row's number and its cells. Raises Refused."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    look_over(path)
    try:
        # As a file, not by its name: the name of a temporary file has no ending.
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which are not read
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
            yield from _rows_of_sheets(book, path)
    except (InvalidFileException, KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise Refused(TRUNCATED) from error
    except (zipfile.BadZipFile, EOFError, OSError, ParseError) as error:
        raise Refused(TRUNCATED) from error


def _rows_of_sheets(book: Any, path: Path) -> Iterator[tuple[str, int, list[str]]]:
    sheets = [sheet for sheet in book.worksheets if sheet.title not in limits.NOT_OUR_DATA]
    if len(sheets) > limits.SHEETS:
        raise Refused(f"The workbook has more than {limits.SHEETS} sheets. Keep those with rows to import.")
    read = 0
    for sheet in sheets:
        _look_over_sheet(path, sheet)
        sheet.reset_dimensions()  # a file may claim any size
        rows = sheet.iter_rows(max_row=limits.ROWS + 2, max_col=limits.COLUMNS + 1)
        for number, row in enumerate(rows, start=1):
            cells = _texts(row, sheet.title, number)
            if any(cells):
                read += 1
                limits.check_size(read)
                yield sheet.title, number, cells
            elif number > limits.ROWS:
                limits.check_size(number)


def _look_over_sheet(path: Path, sheet: Any) -> None:
    """Raise Refused for what the reader of rows passes over: merged cells, and values in columns far out."""
    with zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path) as content:
        for found in _search(content, UNREADABLE):
            if found["merged"]:
                raise Refused(MERGED.format(sheet=sheet.title[:40], cells=found["merged"].decode()))
            raise Refused(TOO_WIDE.format(sheet=sheet.title[:40], most=limits.COLUMNS, row=found["row"].decode()))


def _texts(row: tuple[Any, ...], sheet: str, number: int) -> list[str]:
    cells = [text_of(cell.value) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > limits.COLUMNS:
        raise Refused(TOO_WIDE.format(sheet=sheet[:40], most=limits.COLUMNS, row=number))
    return cells


def text_of(value: Any) -> str:
    """Return a cell as text: numbers and dates as they would be typed, formulas unworked."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return plain(str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "").strip())

"""Read a CSV file: UTF-8, any of the usual separators and line ends."""

import csv
from collections.abc import Iterator
from pathlib import Path

from portal.exchange.imports.cells import plain
from portal.exchange.imports.reading import limits
from portal.exchange.imports.reading.limits import Refused

SEPARATORS = "\t;,"
"""Where two stand equally often, the one that words hold less often counts."""
FIRST_LINES = 20_000
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
NOT_CSV = (
    "The file can’t be read as CSV from row {row} on ({error}). A file that is cut off reads so, or a quotation mark "
    "that is never closed. Save it again as “CSV UTF-8”."
)
NOT_UTF_8 = (
    "The file is not in UTF-8{where}, so some letters and signs would come out wrong. In Excel choose “Save as”, “CSV "
    "UTF-8”, and upload that."
)


def rows_of_lines(path: Path, name: str) -> Iterator[tuple[str, int, list[str]]]:
    """Yield each filled row: the file's name, the row's number and its cells. Raises Refused."""
    check_encoding(path)
    csv.field_size_limit(limits.CELL_CHARACTERS * 10)
    with path.open(encoding="utf-8-sig", newline="") as file:
        separator = separator_of(file.read(FIRST_LINES))
        file.seek(0)
        read = number = 0
        try:
            for number, row in enumerate(csv.reader(file, delimiter=separator, strict=True), start=1):
                if len(row) > limits.COLUMNS and any(cell.strip() for cell in row[limits.COLUMNS :]):
                    raise Refused(
                        f"Row {number} has more than {limits.COLUMNS} columns. Keep the columns of our template."
                    )
                cells = [_text(cell) for cell in row[: limits.COLUMNS]]
                if any(cells):
                    read += 1
                    limits.check_size(read)
                    yield name, number, cells
        except csv.Error as error:
            raise Refused(NOT_CSV.format(row=number + 1, error=error)) from error


def check_encoding(path: Path) -> None:
    """Raise Refused unless the bytes are UTF-8 and text."""
    with path.open("rb") as file:
        beginning = file.read(2)
        if beginning in UTF_16:
            raise Refused(NOT_UTF_8.format(where=" but in UTF-16"))
        file.seek(0)
        for number, line in enumerate(_pieces(file), start=1):
            if b"\0" in line:
                raise Refused(f"Line {number} holds bytes that are no text. Upload an .xlsx or .csv file.")
            try:
                line.decode()
            except UnicodeDecodeError as error:
                byte = f"0x{line[error.start]:02X}"
                raise Refused(NOT_UTF_8.format(where=f" (line {number}, byte {byte})")) from error


def _pieces(file: "object") -> Iterator[bytes]:
    yield from file  # type: ignore[misc]


def separator_of(beginning: str) -> str:
    """Return the separator that stands most often in the first line, outside quotation marks."""
    line = ""
    for line in beginning.splitlines():
        if line.strip():
            break
    outside = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=outside.count) if any(sign in outside for sign in SEPARATORS) else ","


def _text(cell: str) -> str:
    return plain(cell.replace("\r\n", "\n").replace("\r", "\n").strip())

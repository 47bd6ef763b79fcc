"""How much a file may hold. What is more is refused before it is read further."""

FILE_BYTES = 20_000_000
UNPACKED_BYTES = 300_000_000
PACKED_TO = 200
"""A part of a workbook may be this many times what it is packed: text packs to a tenth, a bomb to a thousandth."""
SMALL_PART = 1_000_000
PARTS = 2_000
SHEETS = 30
ROWS = 60_000
COLUMNS = 200
CELL_CHARACTERS = 20_000
HEADING_CHARACTERS = 200

MEMORY_BYTES = 700_000_000
CPU_SECONDS = 120
WALL_SECONDS = 180

NOT_OUR_DATA = ("How to fill in", "Lists")
"""Sheets of our template that hold no rows."""


class Refused(Exception):
    """The file is not read; the text says why and what to do, fit to show."""


def check_size(rows: int) -> None:
    if rows > ROWS:
        raise Refused(f"The file has more than {ROWS:,} rows. Split it into several files.")

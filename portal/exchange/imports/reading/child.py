"""The reader's own process: limits first, then one file in, its rows out.

    python -m portal.exchange.imports.reading.child PARENT MEMORY_BYTES FILE NAME < null

It has no database, no settings and no network. Each line it prints is JSON: `rows`, each with
sheet, number and cells; at last `refused`, or `done`.
"""

import json
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from portal.core.children import die_with_parent
from portal.exchange.imports.reading import limits
from portal.exchange.imports.reading.lines import rows_of_lines
from portal.exchange.imports.reading.workbook import OLE, rows_of_workbook

FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec")
TOO_MUCH_MEMORY = (
    "Reading the file needed more memory than any file of rows should. Copy the rows into our template, or split it "
    "into several files."
)
BROKEN = "The file can’t be read ({problem}). Copy the rows into our template and upload that."
LONG_CELL = (
    "A cell in row {row} of “{sheet}” holds more than {most:,} characters. Shorten it, and upload the file again."
)
ARCHIVE = b"PK\x03\x04"
AT_ONCE = 100


def limit_this_process(*, parent: int, memory_bytes: int) -> None:
    """Die with the parent, and stay within memory, time and reach."""
    die_with_parent(parent, with_signal=signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CPU_SECONDS, limits.CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: Any) -> None:
    if event in FORBIDDEN:
        raise PermissionError(f"The reader may not use {event}.")


def say(**message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def read(path: Path, name: str) -> None:
    """Say every row of a file. Raises Refused."""
    with path.open("rb") as file:
        beginning = file.read(8)
    if not beginning:
        raise limits.Refused("The file is empty. Fill in our template and upload that.")
    is_workbook = beginning.startswith((ARCHIVE, OLE))
    if name.casefold().endswith((".xlsx", ".xlsm", ".xls")) and not is_workbook:
        raise limits.Refused("The file is not what its name says: it is no workbook. Save it as .xlsx or .csv.")
    waiting: list[tuple[str, int, list[str]]] = []
    for row in rows_of_workbook(path) if is_workbook else rows_of_lines(path, name):
        _check_cells(*row)
        waiting.append(row)
        if len(waiting) >= AT_ONCE:
            say(rows=waiting)
            waiting = []
    say(rows=waiting)
    say(done=True)


def _check_cells(sheet: str, number: int, cells: list[str]) -> None:
    if any(len(cell) > limits.CELL_CHARACTERS for cell in cells):
        raise limits.Refused(LONG_CELL.format(row=number, sheet=sheet[:40], most=limits.CELL_CHARACTERS))


def main(parent: str, memory_bytes: str, path: str, name: str) -> None:
    limit_this_process(parent=int(parent), memory_bytes=int(memory_bytes))
    try:
        read(Path(path), name)
    except limits.Refused as reason:
        say(refused=str(reason))
    except MemoryError:
        say(refused=TOO_MUCH_MEMORY)
    except Exception as problem:
        traceback.print_exc()
        say(refused=BROKEN.format(problem=type(problem).__name__))


if __name__ == "__main__":
    main(*sys.argv[1:])

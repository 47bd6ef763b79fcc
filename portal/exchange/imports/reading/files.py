"""Have a batch's file read in the limited process, and keep its rows."""

import os
import sys
import tempfile
from typing import Any

from django.db import transaction

from portal.core import runner
from portal.exchange.imports import work
from portal.exchange.imports.matching import match_sheets
from portal.exchange.imports.reading import limits
from portal.exchange.imports.reading.limits import Refused
from portal.exchange.models import ImportBatch, ImportFile, ImportRow

NO_ROWS = "The file has headings and no rows. Fill in a row and upload it again."
DIED = "The file can’t be read: the program that reads it stopped. Copy the rows into our template and upload that."
TOOK_TOO_LONG = "Reading the file took too long. Split it into several files."


class _Kept:
    """The rows so far, each sheet's first row as its headings."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.sheets: list[dict[str, Any]] = []
        self.rows = 0
        self.refused = ""
        self.is_done = False

    def take(self, message: dict[str, Any] | None) -> bool:
        message = message or {}
        self.refused = message.get("refused", self.refused)
        self.is_done = self.is_done or message.get("done", False)
        rows = [row for row in map(self._row, message.get("rows", ())) if row]
        ImportRow.objects.bulk_create(rows)
        self.rows += len(rows)
        work.record_progress(self.batch, done=self.rows, total=0)
        return True

    def _row(self, told: tuple[str, int, list[str]]) -> ImportRow | None:
        name, number, cells = told
        if not self.sheets or self.sheets[-1]["name"] != name:
            headings = [cell[: limits.HEADING_CHARACTERS] for cell in cells]
            self.sheets.append({"name": name, "headings": headings, "table": "", "columns": [], "rows": 0})
            return None
        self.sheets[-1]["rows"] += 1
        return ImportRow(batch=self.batch, sheet=len(self.sheets) - 1, number=number, cells=cells)


def read_batch(batch: ImportBatch) -> None:
    """Read a claimed batch's file, then let its columns be matched. Raises Refused, or a ChildFailed."""
    ImportRow.objects.filter(batch=batch).delete()
    kept = _Kept(batch)
    with tempfile.NamedTemporaryFile() as file:
        file.write(ImportFile.objects.get(pk=batch.pk).content)
        file.flush()
        command = [sys.executable, "-m", "portal.exchange.imports.reading.child"]
        command += [str(os.getpid()), str(limits.MEMORY_BYTES), file.name, batch.file_name]
        try:
            runner.run_child(command, {}, None, wall_seconds=limits.WALL_SECONDS, watch=kept.take)
        except runner.ChildTookTooLong as error:
            raise Refused(TOOK_TOO_LONG) from error
        except runner.ChildDied as error:
            raise Refused(DIED) from error
    if kept.refused or not kept.is_done:
        raise Refused(kept.refused or DIED)
    if not kept.rows:
        raise Refused(NO_ROWS)
    sheets, is_sure = match_sheets(kept.sheets, batch.network)
    with transaction.atomic():
        state = ImportBatch.State.CHECKING if is_sure else ImportBatch.State.COLUMNS
        work.finish_step(batch, state, sheets=sheets)
        ImportFile.objects.filter(pk=batch.pk).delete()

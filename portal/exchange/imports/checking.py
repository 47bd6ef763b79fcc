"""Tell of every row what applying it would do. Nothing but the batch's own rows is written."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from portal.core.prepared import updates
from portal.exchange.imports import work
from portal.exchange.imports.known import batched
from portal.exchange.imports.lines import Line, line_of
from portal.exchange.imports.planning import Planner
from portal.exchange.imports.plans import Plan
from portal.exchange.imports.tables import SOURCES
from portal.exchange.models import ImportBatch, ImportRow

ENTRIES_AT_ONCE = 100
TOLD = ("entry", "state", "title", "problems", "changes", "same_as", "is_wanted")
Wanted = Callable[[Line], bool]


class Rows:
    """The rows of a batch, gathered by the entry they belong to; their cells are read some entries at a time."""

    def __init__(self, batch: ImportBatch, wanted: Mapping[str, Any]) -> None:
        self.batch = batch
        self.rows = ImportRow.objects.filter(batch=batch, **wanted).order_by("sheet", "number")
        self.of_entry: dict[str, list[int]] = defaultdict(list)
        self.left_out: list[int] = []
        self.total = 0
        for row in self.rows.only("pk", "sheet", "number", "cells").iterator(chunk_size=1000):
            line = line_of(row, batch.sheets)
            if line is not None:
                self.of_entry[line.slug].append(row.pk)
                self.total += 1

    def sources(self) -> Iterator[Line]:
        """Yield the rows that describe sources."""
        sheets = [place for place, sheet in enumerate(self.batch.sheets) if sheet["table"] == SOURCES.key]
        for row in self.rows.filter(sheet__in=sheets).iterator(chunk_size=1000):
            if line := line_of(row, self.batch.sheets):
                yield line

    def some_entries(self) -> Iterator[dict[str, list[Line]]]:
        """Yield the rows of some entries at a time, by the entry's address."""
        for some in batched(self.of_entry.items(), ENTRIES_AT_ONCE):
            found = self.rows.in_bulk([pk for _, keys in some for pk in keys])
            lines = {slug: [line_of(found[pk], self.batch.sheets) for pk in keys if pk in found] for slug, keys in some}
            yield {slug: [line for line in own if line] for slug, own in lines.items()}


def check_batch(batch: ImportBatch) -> None:
    """Check every row of a claimed batch. Raises TakenOver."""
    rows = Rows(batch, {})
    planner = Planner(person=batch.by, network=batch.network)
    planner.begin_sources(rows.sources())
    done = 0
    for lines in rows.some_entries():
        for plan in planner.plan(lines):
            _tell_entry(lines[plan.slug], plan)
        checked = [line.row for own in lines.values() for line in own]
        _write(checked)
        done += len(checked)
        work.record_progress(batch, done=done, total=rows.total)
    with transaction.atomic():
        # Rows that are checked again have moved on: why is still to be read.
        work.finish_step(batch, ImportBatch.State.CHECKED, checked_at=timezone.now(), error=batch.error)


def _write(rows: list[ImportRow]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(*updates(ImportRow, rows, TOLD))


def _tell_entry(lines: list[Line], plan: Plan) -> None:
    for line in lines:
        line.row.entry, line.row.is_wanted = plan.slug, False

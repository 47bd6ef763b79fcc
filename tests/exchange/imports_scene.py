"""What tests of imports share: uploading as an editor, and the worker's steps done at once."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from portal.exchange.imports import making, services
from portal.exchange.imports.reading import child, limits
from portal.exchange.models import ImportBatch, ImportRow


def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process, not in one of their own: half a second less for each. Others test the process."""

    def run(
        command: Sequence[str], order: Any, data: Any, *, wall_seconds: float, watch: Callable[[Any], bool]
    ) -> None:
        def say(**message: Any) -> None:
            watch(json.loads(json.dumps(message)))

        monkeypatch.setattr(child, "say", say)
        try:
            child.read(Path(command[-2]), command[-1])
        except limits.Refused as reason:
            say(refused=str(reason))

    monkeypatch.setattr("portal.core.runner.run_child", run)


def upload(content: str | bytes, *, network: Any, by: Any, name: str = "innovations.csv") -> ImportBatch:
    """Upload a file and let it be read and checked; return the batch as it then is."""
    raw = content.encode() if isinstance(content, str) else content
    batch = services.begin_import(name=name, content=raw, network=network, by=by)
    return work_on(batch)


def work_on(batch: ImportBatch) -> ImportBatch:
    making.do_due_imports()
    return ImportBatch.objects.select_related("network", "by").get(pk=batch.pk)


def apply(batch: ImportBatch, *, all_duplicates: bool = False, duplicates: Any = ()) -> ImportBatch:
    services.ask_to_apply(batch=batch, duplicates=duplicates, all_duplicates=all_duplicates, by=batch.by)
    return work_on(batch)


def undo(batch: ImportBatch) -> ImportBatch:
    services.ask_to_undo(batch=batch, by=batch.by)
    return work_on(batch)


def states(batch: ImportBatch) -> list[str]:
    return [row.state for row in batch.rows.all()]


def problems(row: ImportRow) -> list[tuple[str, str]]:
    return [(item["column"], item["problem"]) for item in row.problems]


def lines(*rows: list[str]) -> str:
    """Write rows as CSV, as a spreadsheet program would."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()

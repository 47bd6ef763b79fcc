"""An import whose worker is killed: the step it died in is done whole by the next, or as if it had never begun.

Run with DATABASE_URL set, the same holds for the production shape.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from portal.catalogue.models import Entry
from portal.exchange.imports import making, services, work
from portal.exchange.models import ImportBatch
from tests.exchange.imports_scene import lines, read_here, states, upload, work_on

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROWS = [["Address", "Title", "Summary"], *([f"rota-{n}", f"Rota {n}", "Who is free."] for n in range(5))]


@pytest.fixture
def killed(child_environment: dict[str, str], checkout: Path) -> Iterator[Callable[[str], ImportBatch]]:
    """Let a worker die at a moment, and its lease run out; return the batch as it left it."""
    command = [sys.executable, "-m", "tests.exchange.dying"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, cwd=checkout, env=child_environment, **pipes) as workers:  # type: ignore[call-overload]
        assert workers.stdin
        assert workers.stdout

        def kill(moment: str) -> ImportBatch:
            print(moment, file=workers.stdin, flush=True)
            assert workers.stdout.readline() == "died\n"
            assert ImportBatch.objects.get().lease_until > timezone.now()
            ImportBatch.objects.update(lease_until=timezone.now())
            return ImportBatch.objects.get()

        assert workers.stdout.readline() == "ready\n"
        yield kill
        workers.stdin.close()


def test_an_import_outlives_the_kill_of_its_worker_in_each_step(
    network: Any, editor: Any, killed: Callable[[str], ImportBatch], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = lines(*ROWS).encode()
    batch = services.begin_import(name="rotas.csv", content=content, network=network, by=editor)
    left = killed("done")
    assert (left.state, left.attempts) == ("reading", 1)

    read_here(monkeypatch)
    claimed = work.claim_due_batch()
    assert claimed
    making.do_step(claimed)
    left = killed("done")
    assert (left.state, left.rows.count()) == ("checking", len(ROWS) - 1)
    batch = work_on(batch)
    assert (batch.state, states(batch)) == ("checked", ["new"] * 5)

    services.ask_to_apply(batch=batch, duplicates=[], all_duplicates=False, by=editor)
    for moment in ("written", "done"):
        left = killed(moment)
        assert (left.state, left.is_working, Entry.objects.count()) == ("applying", True, 0)
    batch = work_on(batch)
    assert (batch.state, Entry.objects.count(), batch.changes.count()) == ("applied", 5, 5)

    again = upload(content, network=network, by=editor, name="rotas.csv")
    assert states(again) == ["unchanged"] * 5
    again.delete()

    services.ask_to_undo(batch=batch, by=editor)
    for moment in ("written", "done"):
        left = killed(moment)
        assert (left.state, Entry.objects.count()) == ("undoing", 5)
    batch = work_on(batch)
    assert (batch.state, Entry.objects.count()) == ("undone", 0)

"""Fault 26: two writers each hold what the other wants."""

import threading
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from innovations.models import Innovation
from portal.catalogue.models import EntryChange
from portal.exchange.imports import making, services
from tests.commands.processes import wait_until
from tests.exchange.imports_scene import lines, read_here, upload
from tests.factories import InnovationFactory, NetworkFactory, NetworkRoleFactory

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write after the other"),
]


@pytest.fixture
def network() -> Any:
    return NetworkFactory()


@pytest.fixture
def editor(network: Any) -> Any:
    return NetworkRoleFactory(network=network, role="editor").user


WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def another() -> "psycopg.Connection[Any]":
    told = connection.settings_dict
    return psycopg.connect(host=told["HOST"], port=told["PORT"], user=told["USER"], dbname=told["NAME"])


def test_fault_26_of_two_bulk_edits_in_opposite_order_one_is_done_again_and_both_are_done(
    network: Any, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_here(monkeypatch)
    entry = InnovationFactory(owner_network=network, slug="rota", title="Rota", summary="Who is free.")
    rows = [["Address", "Title", "Summary"], ["rota", "Night rota", "Who is free at night."]]
    batch = upload(lines(*rows), network=network, by=editor)
    assert batch.state == "checked"
    services.ask_to_apply(batch=batch, duplicates=[], all_duplicates=False, by=editor)

    def work() -> None:
        making.do_due_imports()
        connections.close_all()

    with another() as other:
        # The import, which waits for the shorter time, is the one that the server ends.
        other.execute("SET deadlock_timeout = '60s'")
        other.execute("SELECT FROM catalogue_entry WHERE id = %s FOR UPDATE", [entry.pk])
        worker = threading.Thread(target=work)
        worker.start()
        with another() as looking:
            looking.autocommit = True
            assert wait_until(lambda: looking.execute(WAITING).fetchone() is not None, seconds=20)
        other.execute("SELECT FROM accounts_user WHERE id = %s FOR UPDATE", [editor.pk])
        other.execute("UPDATE accounts_user SET first_name = 'Both' WHERE id = %s", [editor.pk])
    worker.join(timeout=30)

    batch.refresh_from_db()
    editor.refresh_from_db()
    assert (batch.state, editor.first_name) == ("applied", "Both")
    assert Innovation.objects.get().get_latest_revision_as_object().title == "Night rota"
    assert EntryChange.objects.filter(entry=entry, origin=EntryChange.Origin.IMPORT).count() == 1

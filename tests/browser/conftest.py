"""Browser tests run over the real entries, so that what is checked is what people get."""

import sqlite3
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from portal.exchange.loading import load_data_files


@pytest.fixture
def real_site(transactional_db: None, checkout: Path, live_server: object) -> None:
    """Put every entry the product ships into the live server's database.

    Each test begins with an empty one, so the first keeps a copy for the others: SQLite's own
    backup brings it back in a moment.
    """
    kept = Path(settings.VAR_DIR) / "real-entries.sqlite3"
    connection.ensure_connection()
    if kept.exists():
        with sqlite3.connect(kept) as source:
            source.backup(connection.connection)
        return
    load_data_files(checkout)
    with sqlite3.connect(kept) as target:
        connection.connection.backup(target)

"""Reading a database as it was at one moment, however long that takes, without holding up who writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def one_state() -> Iterator[None]:
    """Let every read within see one state of the database. Nothing may be written in it.

    SQLite's transactions take the lock of writers when they begin, as the settings ask; this one
    takes none. Within a transaction already begun, that one's state is read.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        settings: Any = connection
        mode = settings.transaction_mode
        settings.transaction_mode = "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            settings.transaction_mode = mode
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

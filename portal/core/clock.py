"""The one clock that hosts share: the database's. What they hand each other by time goes by this one, not their own."""

from datetime import UTC, datetime

from django.db import connection
from django.utils import timezone


def shared_now() -> datetime:
    """Return the time by the database server's clock; without a server there is one host, and one clock.

    In a query say Now() instead, which asks nothing; but not where a claim compares what was read for equality, as
    SQLite keeps milliseconds of it.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [now] = cursor.fetchone()
    return now.astimezone(UTC)

"""What is made of each published entry once and stored: its card, its page and what the API says of it.

All that a stored answer depends on, and what tells that it changed:

| what it shows | told by |
|---|---|
| the entry and what hangs on it alone: figures, adoption | a move of the catalogue's version that names it |
| what entries share: organisations, themes, measures, rules | a move that names none; its mark is `as_of` |
| the day: adoption wears off, reviews fall due | `made_for` |
| code, templates, the site's name and address | `made_for`, as the release |
| other entries, related or linked; the visitor's basket | nothing: these are slots, filled at each request |

`CatalogueVersion.move` marks what is out of date in the transaction of the change, and a read compares
all four in its query: so nothing is shown that is older than the catalogue. What is missing is made when it is
asked for; the worker, which stores, only makes the site quicker.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from portal.catalogue.models import CatalogueVersion, Entry
from portal.catalogue.models.stored import Stored
from portal.catalogue.sharing import release

STORED_AT_ONCE = 50

Make = Callable[[Sequence[int]], list[Any]]
_makers: dict[type[Stored], Make] = {}


def store_with(store: type[Stored], make: Make) -> None:
    """Have the worker store what `make` makes: the rows of those of some entries that are public."""
    _makers[store] = make


def made_for() -> str:
    return f"{timezone.localdate()} {release()}"


def up_to_date(store: type[Stored]) -> QuerySet[Any]:
    """Return the rows of a store that say what a reader would see if they were made now."""
    as_of = CatalogueVersion.objects.filter(pk=1).values("everything")
    rows: QuerySet[Any] = store._default_manager.all()
    return rows.filter(made_for=made_for(), as_of=Subquery(as_of), entry__live=True)


def stored_of(store: type[Stored], column: str, condition: str, values: Sequence[Any]) -> list[tuple[int, Any]]:
    """Return a column of the rows that are up to date and whose `entry` meets a condition, each with its entry's pk.

    In plain SQL, as every page asks it: the ORM puts a query together for longer than the database answers it.
    """
    sql = f"""
        SELECT stored.entry_id, stored.{column} FROM {store._meta.db_table} AS stored
        JOIN catalogue_entry AS entry ON entry.id = stored.entry_id
        JOIN catalogue_catalogueversion AS version ON version.everything = stored.as_of
        WHERE version.id = 1 AND entry.live AND stored.made_for = %s AND {condition}
    """  # noqa: S608  # nosec B608  # our own names
    with connection.cursor() as cursor:
        cursor.execute(sql, [made_for(), *values])
        return list(cursor.fetchall())


def stored_of_these(store: type[Stored], column: str, ids: Sequence[int]) -> dict[int, Any]:
    marks = ", ".join(["%s"] * len(ids))
    return dict(stored_of(store, column, f"stored.entry_id IN ({marks})", ids)) if ids else {}


_stored_for = ""


def store_answers() -> None:
    """Make and store what is missing or out of date. For the worker; one query while nothing has moved."""
    global _stored_for
    stored_for = f"{CatalogueVersion.mark_now()} {made_for()}"
    if stored_for == _stored_for:
        return
    for store, make in _makers.items():
        behind: int | None = 0
        while behind is not None:
            began = time.monotonic()
            behind = _store_some(store, make, behind)
            time.sleep(time.monotonic() - began)  # whoever writes gets as much time as this took
    _stored_for = stored_for


@transaction.atomic
def _store_some(store: type[Stored], make: Make, behind: int) -> int | None:
    """Store what is missing of some entries behind one, and return the last; None when nothing is missing.

    Nothing can move meanwhile: what moves later marks these rows as out of date.
    """
    CatalogueVersion.hold()
    is_there = Exists(up_to_date(store).filter(pk=OuterRef("pk")))
    missing = Entry.objects.public().filter(~is_there, pk__gt=behind).order_by("pk").values_list("pk", flat=True)
    ids = list(missing[:STORED_AT_ONCE])
    if not ids:
        return None
    _store(store, make(ids))
    return ids[-1]


def _store(store: type[Stored], rows: list[Any]) -> None:
    as_of = CatalogueVersion.objects.filter(pk=1).values_list("everything", flat=True).first() or ""
    for row in rows:
        row.made_for, row.as_of = made_for(), as_of
    key: Any = store._meta.pk
    columns = [field.name for field in store._meta.concrete_fields if field is not key]
    store._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=[key.name], update_fields=columns)

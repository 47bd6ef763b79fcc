"""Writes that are made ready before the database is asked for them.

On SQLite whoever writes keeps all others waiting. What takes long is not the writing but the working out of
what to write; so that is done first, with keys that are reserved, and kept in a file: memory stays flat.
"""

import pickle  # nosec B403  # only what this process wrote itself, in a file that has no name
import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction

Values = list[tuple[Any, ...]]
AT_ONCE = 500


class PreparedWrites:
    """Statements with their values, in a file until they are run."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(dir=settings.VAR_DIR)  # noqa: SIM115  # closed by __exit__

    def __enter__(self) -> "PreparedWrites":
        return self

    def __exit__(self, *raised: object) -> None:
        self._file.close()

    def insert(self, model: type[models.Model], rows: Sequence[Any]) -> None:
        """Make ready to insert rows into a model's own table; of a model with a parent, its part alone.

        Django's bulk_create refuses such models, and writes at once. No signal is sent.
        """
        if rows:
            self._keep(*_inserts(model, rows))

    def update(self, model: type[models.Model], rows: Sequence[Any], names: Iterable[str]) -> None:
        """Make ready to write these fields of rows that are there."""
        if rows:
            self._keep(*updates(model, rows, names))

    def delete(self, model: type[models.Model], keys: Iterable[Any]) -> None:
        """Make ready to delete rows, with all that goes with them; what else points at them loses its pointer.

        Rows are found by key, before anything is deleted, so that what others protect is the caller's to look at:
        where something still names a row, or has come to name it, the database refuses. No signal is sent.
        """
        going = Going()
        going.add(model, keys)
        for (pointing, name), rows in going.pointing.items():
            if rows := rows - going.rows.get(pointing, set()):
                self._keep(*updates(pointing, [pointing(pk=key, **{name: None}) for key in rows], [name]))
        for gone, rows in reversed(going.rows.items()):
            self._keep(*_deletes(gone, rows))

    def _keep(self, sql: str, values: Values) -> None:
        pickle.dump((sql, values), self._file, pickle.HIGHEST_PROTOCOL)

    def run(self) -> None:
        """Write everything, in the order in which it was made ready."""
        end = self._file.tell()
        self._file.seek(0)
        with connection.cursor() as cursor:
            while self._file.tell() < end:
                sql, values = pickle.load(self._file)  # noqa: S301  # nosec B301  # what this process wrote
                cursor.executemany(sql, values)


def updates(model: type[models.Model], rows: Iterable[Any], names: Iterable[str]) -> tuple[str, Values]:
    """Return an UPDATE of these fields by key and its values for each row, for `executemany`.

    Django's bulk_update builds a CASE over all rows for each field, which takes longer than all else.
    """
    key: Any = model._meta.pk
    fields = [model._meta.get_field(name) for name in names]
    places = ", ".join(f"{_name(field)} = %s" for field in fields)
    sql = f"UPDATE {model._meta.db_table} SET {places} WHERE {_name(key)} = %s"  # noqa: S608  # nosec B608  # names of ours
    return sql, _values(rows, [*fields, key], is_new=False)


def _inserts(model: type[models.Model], rows: Sequence[Any]) -> tuple[str, Values]:
    """Return an INSERT and its values for each row; rows that have no key yet get the database's."""
    left_out = model._meta.pk if rows[0].pk is None else None
    fields = [field for field in model._meta.local_concrete_fields if field is not left_out]
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {model._meta.db_table} ({', '.join(map(_name, fields))}) VALUES ({places})"  # noqa: S608  # nosec B608  # names of ours
    return sql, _values(rows, fields, is_new=True)


def _deletes(model: type[models.Model], keys: Iterable[Any]) -> tuple[str, Values]:
    key = model._meta.pk
    sql = f"DELETE FROM {model._meta.db_table} WHERE {_name(key)} = %s"  # noqa: S608  # nosec B608  # names of ours
    return sql, [(key.get_db_prep_value(value, connection),) for value in keys]


class Going:
    """Rows that are to go, with all that goes with them: what Django's `Collector` finds, but of keys alone.

    That one fetches every row whole, and refuses what is protected by a row that is itself about to go.
    """

    def __init__(self) -> None:
        self.rows: dict[type[models.Model], set[Any]] = {}
        self.pointing: dict[tuple[type[models.Model], str], set[Any]] = {}

    def add(self, model: type[models.Model], keys: Iterable[Any]) -> None:
        met = self.rows.setdefault(model, set())
        new = [key for key in keys if key not in met]
        met.update(new)
        for start in range(0, len(new), AT_ONCE):
            self._follow(model, new[start : start + AT_ONCE])

    def _follow(self, model: type[models.Model], keys: Sequence[Any]) -> None:
        for relation in model._meta.get_fields(include_parents=False, include_hidden=True):
            if isinstance(relation, models.ManyToOneRel):
                pointing: Any = relation.related_model
                rows = pointing._base_manager.filter(**{f"{relation.field.name}__in": keys})
                if relation.on_delete is models.CASCADE:
                    self._add(rows, is_part=relation.parent_link)
                elif relation.on_delete is models.SET_NULL:
                    found = self.pointing.setdefault((pointing, relation.field.name), set())
                    found.update(rows.values_list("pk", flat=True))
        for field in model._meta.private_fields:
            if isinstance(field, GenericRelation):
                self._add(field.bulk_related_objects([model(pk=key) for key in keys]))

    def _add(self, rows: models.QuerySet[Any], *, is_part: bool = False) -> None:
        """Take rows along; unless they are a part of what goes already, from their outermost model on."""
        keys = list(rows.order_by().values_list("pk", flat=True))
        if keys:
            self.add(rows.model if is_part else [rows.model, *rows.model._meta.get_parent_list()][-1], keys)


def _name(field: Any) -> str:
    return str(connection.ops.quote_name(field.column))


def _values(rows: Iterable[Any], fields: Iterable[Any], *, is_new: bool) -> Values:
    """Return rows as the database takes them."""
    database = connections[DEFAULT_DB_ALIAS]  # looked up once, not for each value
    return [tuple(field.get_db_prep_save(field.pre_save(row, is_new), database) for field in fields) for row in rows]


def reserve_keys(model: type[models.Model], how_many: int) -> Iterable[int]:
    """Return keys that no other row of the model will get. What is not used of them is never used."""
    if not how_many:
        return []
    table, key = model._meta.db_table, model._meta.pk.column
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, key, how_many]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq", [how_many, table])
        moved = cursor.fetchone()
        if moved is None:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, how_many])
        last = moved[0] if moved else how_many
        return range(last - how_many + 1, last + 1)

"""An API's row laid flat: the columns that a serializer has as a table, and a row's cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drf_spectacular.plumbing import get_override
from rest_framework import serializers

from portal.core.api import ExactNumber, Told

KINDS: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], str], ...] = (
    (ExactNumber, "number"),
    (serializers.IntegerField, "integer"),
    (serializers.BooleanField, "boolean"),
    (serializers.DateTimeField, "datetime"),
    (serializers.DateField, "date"),
    (serializers.ListSerializer, "list"),
    (serializers.ListField, "list"),
)
BETWEEN = "; "


@dataclass(frozen=True)
class Column:
    """One column: where its value stands in the API's row, and what the dictionary says of it."""

    name: str
    path: tuple[str, ...]
    kind: str
    about: str
    values: tuple[str, ...] = ()
    may_be_empty: bool = False


def columns_of(
    row: Any, about: Mapping[str, str], *, without: Sequence[str] = (), told: Mapping[str, str] | None = None
) -> list[Column]:
    """Return a serializer's columns but for some.

    `told` says by column what one is about; what it does not say the serializer does, and `about`,
    by column or by the field's own name, what neither does.
    """
    leaves = [leaf for leaf in _leaves(row, (), False) if "_".join(leaf[0]) not in without]
    return [_column(*leaf, about, told or {}) for leaf in leaves]


def _leaves(row: Any, within: tuple[str, ...], is_optional: bool) -> Iterator[tuple[tuple[str, ...], Any, bool]]:
    """Yield each field that holds a value or a list, where it stands, and whether it may be empty."""
    for name, field in row.fields.items():
        may_be_empty = is_optional or field.allow_null or bool(getattr(field, "allow_blank", False))
        if isinstance(field, Told):
            yield from _leaves(field, (*within, name), may_be_empty)
        else:
            yield (*within, name), field, may_be_empty


def _column(
    path: tuple[str, ...], field: Any, may_be_empty: bool, about: Mapping[str, str], told: Mapping[str, str]
) -> Column:
    name, kind = "_".join(path), _kind(field)
    said = told.get(name) or str(field.help_text or "") or about.get(name) or about.get(path[-1]) or ""
    values = tuple(map(str, field.choices)) if isinstance(field, serializers.ChoiceField) else ()
    return Column(name, path, kind, said, values, may_be_empty or kind == "list")


def _kind(field: Any) -> str:
    if isinstance(field, serializers.SerializerMethodField):
        told = get_override(getattr(field.parent, str(field.method_name)), "field")
        return "list" if isinstance(told, serializers.ListSerializer) else "text"
    return next((kind for one, kind in KINDS if isinstance(field, one)), "text")


def cells(row: Mapping[str, Any], columns: Sequence[Column]) -> list[str]:
    """Return a row's cells in the order of the columns."""
    return [cell(_at(row, column.path)) for column in columns]


def _at(row: Any, path: Sequence[str]) -> Any:
    for name in path:
        if row is None:
            return None
        row = row[name]
    return row


def cell(value: Any) -> str:
    """Write a value as text: nothing for null, a list's keys with semicolons between them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return BETWEEN.join(str(next(iter(one.values()))) if isinstance(one, dict) else str(one) for one in value)
    return str(value)

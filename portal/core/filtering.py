"""A list narrowed by its address, for readers: what can't be understood is left out and said."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.http import QueryDict
from django_filters import FilterSet

SHOWN = 40  # characters of what was typed


class Filtered(NamedTuple):
    """The rows that are left, what was asked by filter as text, and what was left out as sentences."""

    rows: Any
    asked: dict[str, str]
    ignored: list[str]


def filter_leniently(filters: type[FilterSet], query: QueryDict, rows: Any) -> Filtered:
    """Narrow rows by what `filters` understands of an address; the API refuses what is left out here."""
    read = filters(query, rows)
    ignored = list(_left_out(read))
    if ignored:
        understood = query.copy()
        for name in read.form.errors:
            del understood[name]
        read = filters(understood, rows)
    return Filtered(read.qs, {name: read.data.get(name, "").strip() for name in read.filters}, ignored)


def _left_out(read: FilterSet) -> Iterator[str]:
    for name in read.form.errors:
        said = str(read.data.get(name, "")).replace("\x00", "")[:SHOWN]
        fix = str(read.filters[name].extra.get("help_text") or "").rstrip(".")
        yield f"{name} “{said}”. {fix}"

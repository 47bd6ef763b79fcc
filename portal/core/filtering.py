"""A list narrowed by its address, for readers: what can't be understood is left out and said."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django_filters import FilterSet

SHOWN = 40  # characters of what was typed


@dataclass(frozen=True)
class Filtered:
    """A FilterSet that understood what it was asked, and what was left out, as sentences."""

    read: FilterSet
    ignored: list[str]

    @property
    def rows(self) -> Any:
        return self.read.qs

    @property
    def asked(self) -> dict[str, str]:
        return {name: self.read.data.get(name, "").strip() for name in self.read.filters}

    def rows_without(self, name: str) -> Any:
        """Return the rows that all filters but one leave: what its own options are counted over."""
        asked = self.read.data.copy()
        asked.pop(name, None)
        return type(self.read)(asked, self.read.queryset).qs


def filter_leniently(filters: type[FilterSet], query: QueryDict, rows: Any) -> Filtered:
    """Narrow rows by what `filters` understands of an address; the API refuses what is left out here."""
    read = filters(query, rows)
    ignored = list(_left_out(read))
    if not ignored:
        return Filtered(read, [])
    understood = query.copy()
    for name in read.form.errors:
        del understood[name]
    return Filtered(filters(understood, rows), ignored)


def _left_out(read: FilterSet) -> Iterator[str]:
    for name in read.form.errors:
        said = str(read.data.get(name, "")).replace("\x00", "")[:SHOWN]
        fix = str(read.filters[name].extra.get("help_text") or "").rstrip(".")
        yield f"{name} “{said}”. {fix}"

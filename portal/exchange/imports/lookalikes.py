"""Entries that a new row may repeat: looked for by name among all that the person may see, fetched once."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from portal.accounts.permissions import within_reach
from portal.catalogue.models import Entry, OtherName
from portal.exchange.imports.columns import heading_key


class Lookalikes:
    def __init__(self, person: Any) -> None:
        reach = within_reach(Entry.objects.all(), person).values("pk")
        entries = Entry.objects.filter(Q(live=True) | Q(pk__in=reach))
        self._names = {
            heading_key(title): f"“{title}” ({slug}) has the same name."
            for title, slug in entries.order_by().values_list("title", "slug").iterator()
        }
        named = OtherName.objects.filter(entry__in=entries.values("pk")).order_by()
        for name, title, slug in named.values_list("name", "entry__title", "entry__slug").iterator():
            self._names.setdefault(heading_key(name), f"“{title}” ({slug}) is also called “{name}”.")

    def of(self, draft: Any, other_names: Iterable[str]) -> str:
        """Say which entry has a name of this one; empty for none."""
        found = (self._names.get(heading_key(name)) for name in (draft.title, *other_names) if name)
        return next((text for text in found if text), "")

    def add(self, draft: Any, row: int) -> None:
        """Remember a new one of the same file."""
        self._names.setdefault(heading_key(draft.title), f"Row {row} of this file has the same name.")

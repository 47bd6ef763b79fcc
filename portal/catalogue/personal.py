"""What the catalogue holds of people: who changed what in which entry, for its editors; readers see the network."""

from functools import partial
from typing import Any

from portal.catalogue.models import EntryChange
from portal.core.personal import forget_name, hold


def hold_personal() -> None:
    hold("changes_of_entries", tell=_changes, erase=partial(forget_name, EntryChange, "by", "by_name"))


def _changes(person: Any) -> list[dict[str, Any]]:
    return list(person.entry_changes.order_by("pk").values("at", "action", "title", "reason", "version"))

"""What a draft still lacks before it may be published, and where to write it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from modelcluster.models import get_all_child_relations

from portal.catalogue.models import Entry

TAB_OF_RELATION = {
    "figures": "Figures",
    "evidence_links": "Evidence",
    "claims": "Evidence",
    "other_names": "What it is",
}


@dataclass(frozen=True)
class Missing:
    """One thing to write, and the tab and row where."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class NotReady(ValueError):
    """A draft can't be published yet; `missing` lists why."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__("; ".join(map(str, missing)))
        self.missing = missing


def missing_from(draft: Entry) -> list[Missing]:
    """Return everything that keeps a draft from being published, the entry's own first.

    Looks at children too, which a model's own validation doesn't.
    """
    return [*_from_entry(draft), *_from_children(draft)]


def check_ready(draft: Entry) -> None:
    missing = missing_from(draft)
    if missing:
        raise NotReady(missing)


def _from_entry(draft: Entry) -> Iterator[Missing]:
    if not draft.summary.strip():
        yield Missing("What it is", "write the summary.")
    if not draft.themes.all():
        yield Missing("Where it belongs", "choose at least one theme.")
    if not draft.where_it_may_not_work.strip():
        yield Missing("What it needs, and reviews", "say where it may not work.")
    if not draft.owner_network_id:
        yield Missing("What it is", "choose the network that keeps the entry true.")
    for name, problem in _problems(draft, exclude={"summary"}):
        yield Missing(name, problem)


def _from_children(draft: Entry) -> Iterator[Missing]:
    for relation in get_all_child_relations(draft):
        name = relation.get_accessor_name()
        tab = TAB_OF_RELATION.get(name, relation.related_model._meta.verbose_name_plural.capitalize())
        for number, row in enumerate(getattr(draft, name).all(), start=1):
            where = f"{tab}, {relation.related_model._meta.verbose_name} {number} ({str(row)[:60]})"
            yield from (Missing(where, text) for text in _about_child(row, relation.field.name))


def _about_child(row: Any, parent: str) -> Iterator[str]:
    for name, problem in _problems(row, exclude={parent}):
        yield f"{name}: {problem}"
    if hasattr(row, "place_not_stated") and row.place_id is None and not row.place_not_stated:
        yield "Place: choose one, or tick “place not stated”."


def _problems(row: Any, *, exclude: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what the model's own rules say against a row, by the field's name. Uniqueness is checked in memory."""
    try:
        row.full_clean(exclude=exclude, validate_unique=False)
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            name = "Entry" if field == "__all__" else str(row._meta.get_field(field).verbose_name).capitalize()
            yield from ((name, message) for message in messages)

"""What a draft still lacks before it may be published, and where to write it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import prefetch_related_objects
from modelcluster.models import get_all_child_relations

from portal.catalogue.models import Entry
from portal.core.constraints import broken_by

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
        rows = list(getattr(draft, name).all())
        told = {number: list(_about_child(row, relation.field.name)) for number, row in enumerate(rows, start=1)}
        _fetch_what_names([rows[number - 1] for number, texts in told.items() if texts], parent=relation.field)
        for number, texts in told.items():
            for text in texts:
                row = str(rows[number - 1])[:60]
                yield Missing(f"{tab}, {relation.related_model._meta.verbose_name} {number} ({row})", text)


def _fetch_what_names(rows: list[Any], *, parent: Any) -> None:
    """A row is called by its source or measure: fetch these for all rows at once."""
    if rows:
        fields = rows[0]._meta.concrete_fields
        prefetch_related_objects(rows, *[field.name for field in fields if field.is_relation and field != parent])


def _about_child(row: Any, parent: str) -> Iterator[str]:
    for name, problem in _problems(row, exclude={parent}):
        yield f"{name}: {problem}"
    if hasattr(row, "place_not_stated") and row.place_id is None and not row.place_not_stated:
        yield "Place: choose one, or tick “place not stated”."


def _problems(row: Any, *, exclude: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what the model's own rules say against a row, by the field's name, without a query.

    What a row points at was chosen among what there is; whether it points at anything is asked.
    """
    fields = row._meta.concrete_fields
    pointing = {field.name for field in fields if field.is_relation and getattr(row, field.attname) is not None}
    wrong: set[str] = set()
    for check in (lambda: row.clean_fields(exclude=exclude | pointing), row.clean):
        try:
            check()
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                wrong.add(field)
                yield from ((_name_of(row, field), message) for message in messages)
    for constraint in broken_by(row, exclude=exclude | wrong):
        yield _name_of(row, NON_FIELD_ERRORS), str(constraint.get_violation_error_message())


def _name_of(row: Any, field: str) -> str:
    return "Entry" if field == NON_FIELD_ERRORS else str(row._meta.get_field(field).verbose_name).capitalize()

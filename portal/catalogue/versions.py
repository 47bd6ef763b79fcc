"""Each version of an entry as it was published: the copy that is kept, and the entry made from it again.

A version holds the entry's own fields and children and what they point at (sources, measures,
places, tags) as these were then. Adoption records are no part of it: they are events of their own.
Links to other entries are looked up when a version is read, so that what is no longer public is
not named (ADR 0009).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations

from portal.catalogue.models import Entry, PublishedVersion
from portal.evidence.models import Evidence

Model = type[models.Model]
Rows = Mapping[tuple[Model, int], models.Model]
# What pages show of a source's own links.
SHOWN_OF: dict[Model, str] = {Evidence: "known_through"}
KEPT_THOUGH_NOT_EDITED = frozenset({"pk", "kind"})
# When it was to be published is no part of what was published.
SCHEDULE = frozenset({"first_published_at", "go_live_at", "expire_at"})


@dataclass(frozen=True)
class Version:
    """One version of an entry as it was published, in memory, and the entry as it is now."""

    entry: Entry
    current: Entry

    @property
    def is_current(self) -> bool:
        return self.entry.version == self.current.version

    @property
    def canonical_address(self) -> str:
        """Where search engines find the entry: there is one page of it for them."""
        return f"{settings.SITE_URL}{self.current.get_absolute_url()}"


class NoSuchVersion(LookupError):
    """An entry was never published under this number, or no copy was kept of it."""


def get_version(entry: Entry, number: int) -> Version:
    """Return a version of an innovation or case study by its number, or raise NoSuchVersion."""
    found = PublishedVersion.objects.select_related("change").filter(change__entry=entry.pk, change__version=number)
    kept = found.first()
    if kept is None:
        raise NoSuchVersion(f"“{entry.title}” has no version {number}.")
    return Version(entry=as_published(type(entry), [kept])[0], current=entry)


def copy_of(model: type[Entry], content: dict[str, Any]) -> PublishedVersion:
    """Return the copy to keep of what a revision holds, not saved yet; one query for each model it points at."""
    own = {name: value for name, value in content.items() if _is_kept(model, name)}
    wanted = _pointed_at(model, own)
    found = {pointed: _values(pointed, ids) for pointed, ids in wanted.items() if not issubclass(pointed, Entry)}
    for pointed, name in SHOWN_OF.items():
        further = {values[f"{name}_id"] for values in found.get(pointed, {}).values()} - {None, *wanted[pointed]}
        found[pointed] = found.get(pointed, {}) | _values(pointed, further)
    references = {pointed._meta.label_lower: rows for pointed, rows in found.items()}
    return PublishedVersion(content=own, references=references)


def latest_kept(entry: Entry) -> PublishedVersion | None:
    """Return the copy of the version published last, whether or not the entry is public now."""
    return PublishedVersion.objects.filter(change__entry=entry.pk).order_by("-change__version").first()


def as_published(model: type[Entry], kept: Iterable[PublishedVersion]) -> list[Entry]:
    """Make entries again as they were, in memory, never to be saved.

    However many versions and rows there are: one query for each kind of entry they link to, and
    for each model of which a copy lacks rows.
    """
    kept = list(kept)
    now = _rows_now(model, kept)
    return [_entry(model, version, {**now, **_rows_then(version.references)}) for version in kept]


def _is_kept(model: type[Entry], name: str) -> bool:
    """Leave out what Wagtail keeps for itself: who locked the entry, when it is due."""
    if name in KEPT_THOUGH_NOT_EDITED:
        return True
    field = model._meta.get_field(name)
    is_children = field.one_to_many
    return name not in SCHEDULE and bool(is_children or field.editable)


def _pointers(model: Model) -> list[Any]:
    """Return the fields of a row, lists included, that point at rows elsewhere."""
    fields: list[Any] = [*model._meta.concrete_fields, *get_all_child_m2m_relations(model)]
    return [
        field
        for field in fields
        if field.is_relation and not field.remote_field.parent_link and not isinstance(field, ParentalKey)
    ]


def _pointed_at(model: Model, content: dict[str, Any]) -> dict[Model, set[int]]:
    """Return the ids that an entry's content and its children point at, by model."""
    wanted: dict[Model, set[int]] = defaultdict(set)
    for field in _pointers(model):
        held = content.get(field.name)
        ids = held if isinstance(held, list) else [held]
        wanted[field.remote_field.model].update(int(pk) for pk in ids if pk is not None)
    for relation in get_all_child_relations(model):
        for child in content.get(relation.get_accessor_name(), []):
            for pointed, pks in _pointed_at(relation.related_model, child).items():
                wanted[pointed] |= pks
    return wanted


def _values(model: Model, pks: set[Any]) -> dict[str, dict[str, Any]]:
    """Return the columns of rows by id, as text, as JSON keeps it."""
    rows = model._base_manager.filter(pk__in=pks).values() if pks else []
    return {str(row[model._meta.pk.attname]): row for row in rows}


def _rows_now(model: type[Entry], kept: list[PublishedVersion]) -> Rows:
    """Fetch what no copy holds: the public entries they link to, and what a copy may lack."""
    wanted: dict[Model, set[int]] = defaultdict(set)
    for version in kept:
        for pointed, pks in _pointed_at(model, version.content).items():
            held = version.references.get(pointed._meta.label_lower, {})
            wanted[pointed] |= {pk for pk in pks if str(pk) not in held}
    rows: dict[tuple[Model, int], models.Model] = {}
    for pointed, pks in wanted.items():
        if pks:
            visible = pointed._default_manager.all()
            visible = visible.filter(live=True) if issubclass(pointed, Entry) else visible
            rows |= {(pointed, row.pk): row for row in visible.filter(pk__in=pks)}
    return rows


def _rows_then(references: dict[str, dict[str, dict[str, Any]]]) -> Rows:
    """Make rows again from a copy's values, linked among themselves."""
    rows = {
        (model, int(pk)): _row(model, values)
        for model, held in ((apps.get_model(label), held) for label, held in references.items())
        for pk, values in held.items()
    }
    for (model, _), row in rows.items():
        if model in SHOWN_OF:
            _link(row, model._meta.get_field(SHOWN_OF[model]), rows)
    return rows


def _row(model: Model, values: dict[str, Any]) -> models.Model:
    """Make a row from its columns; one that the model no longer has is passed over."""
    columns = {field.attname: field for field in model._meta.concrete_fields}
    row = model(**{name: columns[name].to_python(value) for name, value in values.items() if name in columns})
    row._state.adding = False
    return row


def _link(row: models.Model, field: Any, rows: Rows) -> None:
    """Give a row what it points at; an empty row stands in for one that is lost."""
    pk = getattr(row, field.attname)
    if pk is not None:
        pointed = field.remote_field.model
        setattr(row, field.name, rows.get((pointed, pk)) or pointed(pk=pk))


def _entry(model: type[Entry], kept: PublishedVersion, rows: Rows) -> Entry:
    content, lists = kept.content, get_all_child_m2m_relations(model)
    names = {field.name for field in lists}
    entry: Entry = model.from_serializable_data(
        {name: value for name, value in content.items() if name not in names}, check_fks=False
    )
    if kept.change_id:
        entry.version, entry.last_published_at = kept.change.version or 0, kept.change.at
    for field in lists:
        keys = [(field.remote_field.model, pk) for pk in content.get(field.name, [])]
        setattr(entry, field.name, [rows[key] for key in keys if key in rows])
    for row in [entry, *_children(entry)]:
        for field in _pointers(type(row)):
            if field.many_to_one:
                _link(row, field, rows)
    return entry


def _children(entry: Entry) -> Iterator[Any]:
    for relation in get_all_child_relations(type(entry)):
        yield from getattr(entry, relation.get_accessor_name()).all()

"""Compare two states of one entry in memory: what readers see and a draft, or two versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.text import capfirst
from modelcluster.models import get_all_child_relations

from portal.catalogue.changes.fields import (
    AnyField,
    Labels,
    called,
    compared_fields,
    is_empty,
    is_free_text,
    names_of,
    pieces_of,
    text_of,
    value_of,
)
from portal.catalogue.changes.matching import Pair, rows_that_differ
from portal.catalogue.changes.telling import telling_of
from portal.catalogue.models import Entry
from portal.core.templatetags.components import lower_first
from portal.core.wording import Pieces

LONGEST_QUOTED = 80


class DifferentKinds(TypeError):
    """An innovation was compared with a case study."""


@dataclass(frozen=True)
class FieldChange:
    """One field before and after, in pieces of which those that differ are marked.

    `what` is "added" when the whole entry or row is new, else "changed", or "removed" with its row.
    """

    field: str
    label: str
    before: Pieces
    after: Pieces
    clause: str
    what: str
    group: str = "The entry itself"

    @property
    def sentence(self) -> str:
        return _stopped(capfirst(self.clause))


@dataclass(frozen=True)
class ChildChange:
    """One row that was added, removed or changed: a figure, a source, a participant.

    `fields` are those that changed; of a row added or removed, all that it states.
    """

    relation: str
    group: str
    label: str
    what: str
    name: str
    fields: tuple[FieldChange, ...]
    sentence: str


Change = FieldChange | ChildChange


def changes_between(before: Entry | None, after: Entry) -> list[Change]:
    """Return what differs from `before` to `after`, fields first, then row by row; empty if nothing does.

    Either may be the live entry or a draft (`revision.as_object()`); None stands for an entry that
    was never published, of which everything is new. Sort order alone is no difference. The number
    of queries depends on what an entry has fields for, not on how many rows it has.
    """
    old, new = (before.specific if before else None), after.specific
    if old is not None and type(old) is not type(new):
        raise DifferentKinds("Compare an innovation with an innovation, a case study with a case study.")
    states = Pair(old, new)
    for entry in filter(None, states):
        _fetch_what_it_points_at(entry)
    children = [
        change for relation in get_all_child_relations(type(new)) for change in _child_changes(relation, states)
    ]
    return [*_field_changes(states, labels={}), *children]


def _fetch_what_it_points_at(entry: Entry) -> None:
    """Fetch an entry's lists that are not in memory already, each in one query, so that each is read once."""
    in_memory = getattr(entry, "_cluster_related_objects", {})
    names = [field.name for field in compared_fields(type(entry)) if field.is_relation]
    prefetch_related_objects([entry], *(name for name in names if name not in in_memory))


def _child_changes(relation: Any, states: Pair) -> Iterator[ChildChange]:
    """Yield what differs in one list of rows: two queries, and one for each field that points at something."""
    model, name = relation.related_model, relation.get_accessor_name()
    old, new = (list(getattr(entry, name).all()) if entry else [] for entry in states)
    pairs = rows_that_differ(model, old, new)
    fields = compared_fields(model)
    differing = [row for pair in pairs for row in pair if row is not None]
    prefetch_related_objects(differing, *(field.name for field in fields if field.many_to_one))
    refer = any(isinstance(field, models.UUIDField) for field in fields)
    labels = {row.public_id: str(row) for row in [*old, *new]} if refer else {}
    return (_child_change(relation, pair, labels) for pair in pairs)


def _field_changes(pair: Pair, labels: Labels) -> Iterator[FieldChange]:
    """Yield the fields that differ; of a row that is new or gone, those that state something."""
    present = pair.after if pair.after is not None else pair.before
    for field in compared_fields(type(present)):
        if _differs(field, pair) if None not in pair else _states_something(field, present):
            old, new = pieces_of(field, *pair, labels)
            yield FieldChange(
                field=field.name,
                label=capfirst(called(field)),
                before=old,
                after=new,
                clause=_clause(field, pair, labels),
                what=_what(pair),
            )


def _what(pair: Pair) -> str:
    if None not in pair:
        return "changed"
    return "added" if pair.before is None else "removed"


def _differs(field: AnyField, pair: Pair) -> bool:
    return bool(value_of(field, pair.before) != value_of(field, pair.after))


def _states_something(field: AnyField, row: Any) -> bool:
    value = value_of(field, row)
    return not is_empty(value) and (field.many_to_many or value != field.get_default())


def _clause(field: AnyField, pair: Pair, labels: Labels) -> str:
    """Say in words, without a full stop, what changed in one field."""
    name = called(field)
    if field.many_to_many:
        return f"{name}: {_list_clause(names_of(field, pair.before), names_of(field, pair.after))}"
    old, new = (text_of(field, row, labels) for row in pair)
    if is_free_text(field):
        if max(len(old), len(new)) > LONGEST_QUOTED:
            return f"{name} {'changed' if old and new else 'added' if new else 'removed'}"
        old, new = (f"“{text}”" if text else "" for text in (old, new))
    if old and new:
        return f"{name} changed from {old} to {new}"
    return f"{name} added: {new}" if new else f"{name} removed (was {old})"


def _list_clause(old: list[str], new: list[str]) -> str:
    added, removed = [name for name in new if name not in old], [name for name in old if name not in new]
    parts = [f"{word} {', '.join(names)}" for word, names in (("added", added), ("removed", removed)) if names]
    return "; ".join(parts) or "changed"


def _stopped(sentence: str) -> str:
    """End a sentence with a full stop, unless what it quotes has ended it."""
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _child_change(relation: Any, pair: Pair, labels: Labels) -> ChildChange:
    model = relation.related_model
    name = telling_of(model).name(pair.after if pair.after is not None else pair.before)
    label, fields = capfirst(model._meta.verbose_name), tuple(_field_changes(pair, labels))
    what = _what(pair)
    is_changed = what == "changed"
    sentence = _changed_sentence(model, pair, label, fields) if is_changed else f"{label} {what}: {name}"
    return ChildChange(
        relation=relation.get_accessor_name(),
        group=capfirst(model._meta.verbose_name_plural),
        label=label,
        what=what,
        name=name,
        fields=fields,
        sentence=_stopped(sentence),
    )


def _changed_sentence(model: type[models.Model], pair: Pair, label: str, fields: tuple[FieldChange, ...]) -> str:
    """Say what changed in a row, as in "Hours released corrected from 41,000 hours to 38,500 hours"."""
    telling = telling_of(model)
    clause = telling.clause(*pair)
    rest = [field for field in fields if not clause or field.field not in telling.told]
    if clause:
        also = [lower_first(field.label) for field in rest]
        return f"{clause}; {_and(also)} changed too" if also else clause
    return f"{label} “{telling.name(pair.before)}”: {'; '.join(field.clause for field in rest)}"


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))

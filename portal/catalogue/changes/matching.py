"""Which row of one state is which row of the other.

Never by primary key: these are new after each publication and each return to an earlier draft.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db import models
from modelcluster.fields import ParentalKey

from portal.catalogue.changes.fields import compared_fields, is_free_text, value_of
from portal.core.wording import likeness

ALIKE = 0.5
# Looking for reworded rows compares each with each: not when there are very many.
MOST_COMPARISONS = 400

Key = Callable[[Any], Hashable]


class Pair(NamedTuple):
    """One row before and after; None where it wasn't there yet, or no longer is."""

    before: Any
    after: Any


def rows_that_differ(model: type[models.Model], before: Iterable[Any], after: Iterable[Any]) -> list[Pair]:
    """Pair two states of an entry's rows, leaving out what is the same; the order of rows is no difference.

    A row with a public id is the same as the one with that id. Others are known by what makes them
    unique, and one left over by its words: a lesson reworded is a changed lesson.
    """
    content, identity = _content_of(model), _identity_of(model)
    old, new = list(before), list(after)
    _pairs(lambda row: (identity(row), content(row)), old, new)
    changed = _pairs(identity, old, new)
    _pairs(content, old, new)
    if not _has_public_id(model):
        changed += _reworded(model, old, new)
    return [*changed, *(Pair(None, row) for row in new), *(Pair(row, None) for row in old)]


def _content_of(model: type[models.Model]) -> Key:
    fields = compared_fields(model)
    return lambda row: tuple(value_of(field, row) for field in fields)


def _has_public_id(model: type[models.Model]) -> bool:
    return any(field.name == "public_id" for field in model._meta.fields)


def _identity_of(model: type[models.Model]) -> Key:
    """Return what a row is known by: its public id, what makes it unique in its entry, or all it says."""
    if _has_public_id(model):
        return lambda row: row.public_id
    unique = [constraint for constraint in model._meta.constraints if isinstance(constraint, models.UniqueConstraint)]
    names = {name for constraint in unique[:1] for name in constraint.fields}
    fields = [model._meta.get_field(name) for name in sorted(names)]
    own = [field for field in fields if not isinstance(field, ParentalKey)]
    return (lambda row: tuple(value_of(field, row) for field in own)) if own else _content_of(model)


def _pairs(key: Key, old: list[Any], new: list[Any]) -> list[Pair]:
    """Pair rows with the same key, in their order, and take them out of both lists."""
    waiting: dict[Hashable, deque[Any]] = defaultdict(deque)
    for row in old:
        waiting[key(row)].append(row)
    keys = [key(row) for row in new]
    pairs = [Pair(waiting[mark].popleft(), row) for mark, row in zip(keys, new, strict=True) if waiting[mark]]
    _take_out(pairs, old, new)
    return pairs


def _take_out(pairs: list[Pair], old: list[Any], new: list[Any]) -> None:
    gone = {id(row) for pair in pairs for row in pair}
    old[:] = [row for row in old if id(row) not in gone]
    new[:] = [row for row in new if id(row) not in gone]


def _reworded(model: type[models.Model], old: list[Any], new: list[Any]) -> list[Pair]:
    """Pair what is left over by likeness, the most alike first."""
    if len(old) * len(new) > MOST_COMPARISONS:
        return []
    fields = [field for field in compared_fields(model) if is_free_text(field)]
    pairs: list[Pair] = []
    for row_before, row_after in _most_alike(fields, old, new):
        taken = {id(row) for pair in pairs for row in pair}
        if id(row_before) not in taken and id(row_after) not in taken:
            pairs.append(Pair(row_before, row_after))
    _take_out(pairs, old, new)
    return pairs


def _most_alike(fields: list[Any], old: list[Any], new: list[Any]) -> Iterator[Pair]:
    def words(row: Any) -> str:
        return " ".join(str(value_of(field, row)) for field in fields)

    scored = [(likeness(words(a), words(b)), Pair(a, b)) for a in old for b in new]
    best = sorted(scored, key=lambda one: one[0], reverse=True)
    return (pair for score, pair in best if score >= ALIKE)

"""A model's check constraints, asked of a row in memory.

Django asks the database, once for each constraint of each row: for a draft with twenty figures that
is a hundred and forty queries. Here a row answers by itself, by SQL's rules: what is unknown passes.
"""

import operator
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import CheckConstraint, F, Model, Q

COMPARE = {"exact": operator.eq, "lt": operator.lt, "lte": operator.le, "gt": operator.gt, "gte": operator.ge}


def broken_by(row: Model, *, exclude: Collection[str] = ()) -> Iterator[CheckConstraint]:
    """Yield the constraints that a row breaks, leaving out those about a field in `exclude`."""
    for model in (row._meta.model, *row._meta.get_parent_list()):
        for constraint in model._meta.constraints:
            if not isinstance(constraint, CheckConstraint) or _fields_of(constraint.condition) & set(exclude):
                continue
            if _truth(constraint.condition, row) is False:
                yield constraint


def field_by_message(model: type[Model]) -> dict[str, str]:
    """Return by what each check constraint says the field to say it beside: the first that it names."""
    return {
        str(constraint.get_violation_error_message()): _first_field(constraint.condition)
        for one in (model, *model._meta.get_parent_list())
        for constraint in one._meta.constraints
        if isinstance(constraint, CheckConstraint)
    }


def _first_field(condition: Any) -> str:
    if isinstance(condition, Q):
        return _first_field(condition.children[0])
    name: str = condition[0].partition("__")[0]
    return name


def _fields_of(condition: Any) -> set[str]:
    if isinstance(condition, Q):
        return {name for child in condition.children for name in _fields_of(child)}
    path, wanted = condition
    return {path.partition("__")[0], *_named_by(wanted)}


def _named_by(wanted: Any) -> list[str]:
    return [wanted.name] if isinstance(wanted, F) else []  # type: ignore[attr-defined]


def _truth(condition: Any, row: Model) -> bool | None:
    """Return whether a condition holds; None where that is unknown, as with NULL."""
    if not isinstance(condition, Q):
        path, wanted = condition
        return _compare(row, path, wanted)
    found = [_truth(child, row) for child in condition.children]
    decisive = condition.connector == Q.OR
    truth = decisive if decisive in found else None if None in found else not decisive
    return (not truth) if condition.negated and truth is not None else truth


def _compare(row: Model, path: str, wanted: Any) -> bool | None:
    name, _, lookup = path.partition("__")
    value = _value(row, name)
    if lookup == "isnull":
        return (value is None) is wanted
    for other in _named_by(wanted):
        wanted = _value(row, other)
    return None if value is None or wanted is None else COMPARE[lookup or "exact"](value, wanted)


def _value(row: Model, name: str) -> Any:
    field: Any = row._meta.get_field(name)
    return getattr(row, field.attname)

"""Which fields of a row are compared, and how a value reads."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_m2m_relations

from portal.core.formatting import format_date, format_moment, format_number, format_partial_date
from portal.core.models import PartialDateField
from portal.core.wording import Piece, Pieces, compare_words

NOT_STATED = "Not stated"
NOT_PUBLIC = "an entry that is not published"
GONE = "no longer in the catalogue"
# Editable to Django, but set by Wagtail alone.
NOBODYS = frozenset({"first_published_at"})

# As the form calls them.
CALLED = {"slug": "address", "owner_network": "network", "go_live_at": "publish from", "expire_at": "withdraw on"}

AnyField = Any
Labels = Mapping[UUID, str]


def compared_fields(model: type[models.Model]) -> list[AnyField]:
    """Return what an editor can change in a row of its own, lists included, in the model's order."""
    return sorted(
        field
        for field in [*model._meta.concrete_fields, *get_all_child_m2m_relations(model)]
        if field.editable and not field.primary_key and not isinstance(field, ParentalKey) and field.name not in NOBODYS
    )


def called(field: AnyField) -> str:
    return CALLED.get(field.name, str(field.verbose_name))


def value_of(field: AnyField, row: Any) -> Any:
    """Return a value to compare by; makes no query but for a list, and then one."""
    if field.many_to_many:
        return frozenset(other.pk for other in getattr(row, field.name).all())
    value = getattr(row, field.attname)
    if field.is_relation:
        return value
    value = field.to_python(value)
    # A form sends its line ends as it likes.
    return "\n".join(value.splitlines()).strip() if isinstance(value, str) else value


def is_empty(value: Any) -> bool:
    return value is None or value == "" or value == frozenset()


def is_free_text(field: AnyField) -> bool:
    """Say whether people write this field in words of their own."""
    words = isinstance(field, models.TextField | models.CharField)
    return words and not field.choices and not isinstance(field, models.SlugField | PartialDateField)


def text_of(field: AnyField, row: Any, labels: Labels) -> str:
    """Write a value for people; `labels` names the rows that others refer to by public id."""
    if row is None:
        return ""
    if field.many_to_many:
        return ", ".join(names_of(field, row))
    if field.is_relation:
        return _related(field, row)
    return _plain(field, value_of(field, row), labels)


def names_of(field: AnyField, row: Any) -> list[str]:
    """Return the names in a list, sorted; another network's draft is never named."""
    return sorted((_public_name(other) for other in getattr(row, field.name).all()), key=str.casefold) if row else []


def _related(field: AnyField, row: Any) -> str:
    try:
        other = getattr(row, field.name)
    except ObjectDoesNotExist:
        return GONE
    return _public_name(other) if other else ""


def _public_name(other: Any) -> str:
    return str(other) if getattr(other, "live", True) else NOT_PUBLIC


def _plain(field: AnyField, value: Any, labels: Labels) -> str:
    if is_empty(value):
        return ""
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, PartialDateField):
        return format_partial_date(value)
    if isinstance(field, models.PositiveIntegerField):
        return format_number(value)
    return _by_type(value, labels)


def _by_type(value: Any, labels: Labels) -> str:
    match value:
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return format_moment(value)
        case date():
            return format_date(value)
        case Decimal():
            return format_number(value)
        case UUID():
            return labels.get(value, "a figure of another entry")
        case _:
            return str(value)


def pieces_of(field: AnyField, before: Any, after: Any, labels: Labels) -> tuple[Pieces, Pieces]:
    """Write a field of two rows (either may be None), marked where a text or a list differs."""
    if field.many_to_many:
        old, new = names_of(field, before), names_of(field, after)
        return _list(old, other=new), _list(new, other=old)
    old_text, new_text = (text_of(field, row, labels) for row in (before, after))
    if is_free_text(field) and old_text and new_text:
        return compare_words(old_text, new_text)
    return _whole(old_text), _whole(new_text)


def _whole(text: str) -> Pieces:
    return (Piece(text or NOT_STATED),)


def _list(names: list[str], *, other: list[str]) -> Pieces:
    if not names:
        return _whole("")
    pieces: list[Piece] = []
    for name in names:
        pieces += [Piece(", ")] if pieces else []
        pieces.append(Piece(name, marked=name not in other))
    return tuple(pieces)

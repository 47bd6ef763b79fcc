"""What each room holds of people: told when somebody takes a copy of their data, erased with their account."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import models

FORMER = "a former editor"
"""Stands where an editor's name stood, once their account is erased."""


def _nothing_more(person: Any) -> None:
    """Whatever belongs to the account goes with its row."""


class Holding(NamedTuple):
    name: str
    tell: Callable[[Any], Any]
    erase: Callable[[Any], None]


_holdings: dict[str, Holding] = {}


def hold(name: str, *, tell: Callable[[Any], Any], erase: Callable[[Any], None] = _nothing_more) -> None:
    """Say what a room holds of people, as plain values, and how to erase what deleting the account leaves."""
    _holdings[name] = Holding(name, tell, erase)


def holdings() -> list[Holding]:
    return list(_holdings.values())


def forget_name(model: type[models.Model], by: str, name: str, person: Any) -> None:
    """Write FORMER where a person's name was kept beside their account, also in rows that are only ever added."""
    models.QuerySet(model).filter(**{by: person}).update(**{name: FORMER})

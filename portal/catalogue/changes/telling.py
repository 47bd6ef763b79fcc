"""How a kind of row is named in a change log. A floor above says so for its own rows.

The catalogue may not import figures, but can say "hours released corrected from 41,000 hours to
38,500 hours" once the figures' floor has registered its words, as with panels.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

LONGEST_NAME = 120


def named(row: Any) -> str:
    """Return a row's own text, shortened to fit a sentence."""
    try:
        text = " ".join(str(row).split())
    except ObjectDoesNotExist:  # its text is that of a source, say, which was deleted since
        return "no longer in the catalogue"
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1].rsplit(" ", 1)[0] + "…"


def no_clause(before: Any, after: Any) -> str:
    return ""


@dataclass(frozen=True)
class Telling:
    """The words for one model's rows.

    `name` stands for a row. `clause` says in words of its own what changed between two states of a
    row, without a full stop, or nothing; the fields it speaks of are `told`, and not said again.
    """

    name: Callable[[Any], str] = named
    clause: Callable[[Any, Any], str] = no_clause
    told: frozenset[str] = frozenset()


_tellings: dict[type[models.Model], Telling] = {}


def tell_rows_of(model: type[models.Model], telling: Telling) -> None:
    """Have the rows of a model spoken of in these words."""
    _tellings[model] = telling


def telling_of(model: type[models.Model]) -> Telling:
    return _tellings.get(model, Telling())

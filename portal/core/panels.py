"""Parts of a page that a floor above adds: the page's own floor may not import that one."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True)
class Panel:
    """A template, and what it shows."""

    template: str
    context: dict[str, Any]


MakePanel = Callable[[Any], Panel | None]
_makers: dict[type[models.Model], list[MakePanel]] = defaultdict(list)


def add_panel(model: type[models.Model], make: MakePanel) -> None:
    """Have `make` called with the row whose page is shown; it returns None when there is nothing to say."""
    _makers[model].append(make)


def panels_for(row: models.Model) -> list[Panel]:
    """Return the panels of a row's page, in the order in which they were added.

    An innovation has those of every entry too: what is added for a base is shown for all its kinds.
    """
    kinds = [kind for kind in type(row).__mro__ if kind in _makers]
    made = (make(row) for kind in kinds for make in _makers[kind])
    return [panel for panel in made if panel]

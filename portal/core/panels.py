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
MAIN = "main"
_makers: dict[tuple[type[models.Model], str], list[MakePanel]] = defaultdict(list)


def add_panel(model: type[models.Model], make: MakePanel, *, slot: str = MAIN) -> None:
    """Have `make` called with the row whose page is shown; it returns None when there is nothing to say.

    `slot` names a place of its own on the page.
    """
    _makers[model, slot].append(make)


def panels_for(row: models.Model, *, slot: str = MAIN) -> list[Panel]:
    """Return the panels of a row's page, in the order in which they were added.

    An innovation has those of every entry too: what is added for a base is shown for all its kinds.
    """
    makers = [_makers[kind, slot] for kind in type(row).__mro__ if (kind, slot) in _makers]
    made = (make(row) for kind in makers for make in kind)
    return [panel for panel in made if panel]

"""The visitor's own organisation, which pages that ask for one offer first. Whoever has said none has none."""

from typing import Any, NamedTuple

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from portal.core.sessions import has_session

SESSION_KEY = "organisation"


class Mine(NamedTuple):
    """An organisation, and the board or region that coverage is told of for it."""

    code: str
    name: str
    place: str
    place_name: str


def mine_of(request: HttpRequest) -> Mine | None:
    """Return the visitor's organisation. It stands in the session: answers that visitors share are made without one."""
    if not has_session(request):
        return None
    kept: Any = request.session.get(SESSION_KEY)
    return Mine(*kept) if isinstance(kept, list) and len(kept) == len(Mine._fields) else None


def remember(session: SessionBase, mine: Mine | None) -> None:
    if mine:
        session[SESSION_KEY] = list(mine)
    else:
        session.pop(SESSION_KEY, None)

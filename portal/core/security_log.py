"""What was refused, written to the log as "portal.security", for whoever watches it.

A line holds our own words and numbers alone: what happened, at which view, with which account or key.
No address, no name and nothing that a visitor sent stands in it. A flood is counted, not written
out, and one kind of refusal never hides another.
"""

import logging
import time
from collections import Counter
from enum import StrEnum
from http import HTTPStatus
from threading import Lock

from django.http import HttpRequest
from django.urls import Resolver404, resolve

logger = logging.getLogger("portal.security")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
MINUTE = 60
MOST_OF_ONE = 10
MOST_OF_ALL = 60
"""Lines a minute and process of one kind, for one account and in all."""


class Refusal(StrEnum):
    """What can be refused, by the word that stands in the log; docs/security.md says what each means."""

    NOT_ALLOWED = "not_allowed"
    NO_SECOND_FACTOR = "no_second_factor"
    LOCKED_OUT = "locked_out"
    TOO_MANY = "too_many"
    NO_KEY = "no_key"
    KEY_MAY_NOT = "key_may_not"
    NOT_AN_OPERATOR = "not_an_operator"


OF_THE_API: dict[int, Refusal] = {
    HTTPStatus.UNAUTHORIZED: Refusal.NO_KEY,
    HTTPStatus.FORBIDDEN: Refusal.KEY_MAY_NOT,
    HTTPStatus.TOO_MANY_REQUESTS: Refusal.TOO_MANY,
}


class Bound:
    """How many lines are written in a minute; the others are counted and told with the first of a later one."""

    def __init__(self) -> None:
        self._lock, self._minute = Lock(), 0
        self._written: Counter[tuple[Refusal, int | None]] = Counter()
        self._left_out: Counter[Refusal] = Counter()

    def lets_write(self, refusal: Refusal, account: int | None) -> tuple[bool, dict[Refusal, int]]:
        """Say whether to write this one, and how many of each kind were left out in the minute before."""
        with self._lock:
            told: dict[Refusal, int] = {}
            if (minute := int(time.monotonic() / MINUTE)) != self._minute:
                self._minute, told = minute, dict(self._left_out)
                self._written.clear()
                self._left_out.clear()
            of_one = MOST_OF_ALL if account is None else MOST_OF_ONE
            of_all = sum(count for (kind, _), count in self._written.items() if kind == refusal)
            writes = of_all < MOST_OF_ALL and self._written[refusal, account] < of_one
            if writes:
                self._written[refusal, account] += 1
            else:
                self._left_out[refusal] += 1
            return writes, told


_bound = Bound()


def note_refusal(refusal: Refusal, request: HttpRequest, *, account: int | None = None, key: int | None = None) -> None:
    """Write down one refusal. `account` and `key` are numbers of rows; whoever is signed in is known by itself."""
    person = getattr(request, "user", None)
    account = account or getattr(person, "pk", None)
    writes, left_out = _bound.lets_write(refusal, account)
    for kind, count in left_out.items():
        logger.warning("%s: %d more were not written out", kind, count, extra={"refusal": str(kind), "more": count})
    if not writes:
        return
    told = {
        "refusal": str(refusal),
        "view": _view_of(request),
        "method": request.method if request.method in METHODS else "other",
        "account": account,
        "key": key,
    }
    logger.warning("%(refusal)s view=%(view)s method=%(method)s account=%(account)s key=%(key)s", told, extra=told)


def _view_of(request: HttpRequest) -> str:
    """Return our name of what was asked for, never the address: that may hold a secret."""
    try:
        return (request.resolver_match or resolve(request.path_info)).view_name
    except Resolver404:
        return ""

"""How often somebody asks, counted where all processes of the site look."""

import logging

from django.http import HttpRequest
from django_ratelimit.core import get_usage
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

Usage = dict[str, int]
"""`count` of `limit` so far, the seconds until it begins anew (`time_left`), and `should_limit`."""


def counted(request: HttpRequest, *, group: str, caller: str, rate: tuple[int, int]) -> Usage | None:
    """Count one request of a caller, at most so many in so many seconds; None where the counters are away.

    Nobody is refused then: rather a request too many than a site that stands still.
    """
    try:
        usage: Usage | None = get_usage(
            request, group=group, key=lambda group, request: caller, rate=rate, increment=True
        )
    except (OSError, RedisError):
        log.warning("The counters are away: nobody is limited (%s).", group)
        return None
    return usage

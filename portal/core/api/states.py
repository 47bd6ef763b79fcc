"""States of what can be written: named by an ETag, and written only by who has read the newest."""

import hashlib
from typing import Any

from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from portal.core.api.problems import MovedOn, NothingGiven, Problem


def etag_of(told: Any) -> str:
    """Return the name of a state: the same for the same content, another for any other."""
    return f'"{hashlib.sha256(JSONRenderer().render(told)).hexdigest()[:32]}"'


def own_answer(request: Request, told: Any, *, status: int = 200) -> Any:
    """Answer with a state that is not for everybody: named, kept by nobody on the way, 304 where it is known."""
    answer = Response(told, status=status, headers={"ETag": etag_of(told), "Cache-Control": "private, no-store"})
    if request.method not in ("GET", "HEAD"):
        return answer
    unchanged = get_conditional_response(request._request, etag=answer["ETag"])
    return unchanged or answer


def check_match(request: Request, etag: str | None) -> None:
    """Raise unless a write is based on the state that there is; `etag` is None where there is none yet."""
    only_if_new = request.headers.get("If-None-Match", "").strip() == "*"
    given = parse_etags(request.headers.get("If-Match", ""))
    fix = "Read it again, take over what should stay, and send its ETag as If-Match."
    if etag is None:
        if given:
            raise MovedOn([Problem("If-Match", "There is nothing at this address yet.", "Leave If-Match out.")])
        return
    if only_if_new:
        raise MovedOn([Problem("If-None-Match", "There is something at this address already.", fix)])
    if not given:
        raise NothingGiven([Problem("If-Match", "This changes what is there.", fix)])
    if etag not in given and given != ["*"]:
        raise MovedOn([Problem("If-Match", "Somebody changed it since, or did something about it.", fix)])

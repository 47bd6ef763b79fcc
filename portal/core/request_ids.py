"""The id of the request that something is done for: in its answer, in the log, and on the rows it leaves to workers."""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponseBase
from django_guid import clear_guid, get_guid, set_guid

LENGTH = 32
HEADER = "X-Request-ID"


class RequestIds:
    """Middleware: the outermost. Whatever is done for a request is done under its id, which the answer carries.

    django-guid's own makes each request's headers readable to find one of them, which took a fifth of
    what a shared answer costs. The id is forgotten by django-guid when the request is finished.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = str(request.META.get("HTTP_X_REQUEST_ID", ""))
        request_id = given if given and _hex_of(given) else uuid.uuid4().hex
        set_guid(request_id)
        answer = self._get_response(request)
        answer[HEADER] = request_id
        return answer


def current_request_id() -> str:
    """Return 32 hexadecimal digits, or nothing outside of any request and task. Fit as a field's default."""
    return _hex_of(get_guid() or "")


def _hex_of(given: str) -> str:
    """Return an id's digits, nothing for what is none. It may be written at length, as in urn:uuid:..."""
    try:
        return uuid.UUID(given).hex if given else ""
    except ValueError:
        return ""


@contextmanager
def done_for(request_id: str) -> Iterator[None]:
    """Do work under the id of the request that asked for it; whatever had an id before has it again after."""
    before = get_guid()
    set_guid(request_id or uuid.uuid4().hex)
    try:
        yield
    finally:
        if before:
            set_guid(before)
        else:
            clear_guid()


class WithRequestId(logging.Filter):
    """Adds `request_id` to each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        return True

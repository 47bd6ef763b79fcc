"""The id of the request that something is done for: in its answer, in the log, and on the rows it leaves to workers."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django_guid import clear_guid, get_guid, set_guid

LENGTH = 32


def current_request_id() -> str:
    """Return 32 hexadecimal digits, or nothing outside of any request and task. Fit as a field's default."""
    given = get_guid()
    try:
        # What is taken for an id may be written at length, as in urn:uuid:...
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

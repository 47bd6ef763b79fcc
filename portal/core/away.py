"""What a request needed and could not have just now: no fault of the request, nor of our code."""

import errno

from django.db import InterfaceError, InternalError, OperationalError

NO_ROOM_OR_WAY = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
READ_ONLY = "25006"
"""PostgreSQL's code for a write where only reading is allowed; other internal errors are faults."""


def is_away(error: BaseException | None) -> bool:
    """Say whether a failure passes by itself: a database that is busy, full, read-only or not there, a full disk."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM_OR_WAY
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) == READ_ONLY
    return isinstance(error, OperationalError | InterfaceError)

"""What a look at one part of a running site found, and what to do where it is not well."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finding:
    part: str
    is_well: bool
    says: str
    fix: str = ""


class NotWell(Exception):
    """A part is not well: what was found, and the fix. Neither may hold a secret."""

    def __init__(self, says: str, fix: str) -> None:
        super().__init__(says)
        self.says, self.fix = says, fix


Look = Callable[[], str]
"""Returns what was found, or raises NotWell."""


def look_at(parts: Iterable[tuple[str, Look]]) -> list[Finding]:
    """Look at each part in turn. One that goes wrong in a way nobody thought of is not well either.

    Only the kind of an unforeseen error is told, as its text may hold an address or a password; the log has it whole.
    """
    return [_found(part, look) for part, look in parts]


def _found(part: str, look: Look) -> Finding:
    try:
        return Finding(part, True, look())
    except NotWell as problem:
        return Finding(part, False, problem.says, problem.fix)
    except Exception as error:
        logger.exception("Looking at %s failed", part)
        return Finding(part, False, f"Could not be looked at ({type(error).__name__}).", "Read the log of this moment.")

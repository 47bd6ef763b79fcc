"""Asking one address of a source, and what its answer is worth. Nothing here touches the database."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from http import HTTPStatus

from portal.core.outgoing import Answer, HostNotReached, NoAnswer, NotAsked, ask, check_address

A_BIT = {"Range": "bytes=0-999"}
NOT_FOR_ROBOTS = frozenset({401, 402, 403, 407, 418, 451, 999})
"""Refused to a robot, which says nothing of what a reader gets."""
BUSY = frozenset({429, 503})
SOONEST, LATEST = timedelta(minutes=1), timedelta(days=7)


class Verdict(Enum):
    GOOD = "good"
    UNSEEN = "unseen"
    """There is an answer, and a robot can't see more."""
    FAILED = "failed"
    UNREACHED = "unreached"
    """No connection: the host's failure, or our own."""
    BUSY = "busy"
    NOT_ASKED = "not asked"


@dataclass(frozen=True)
class Finding:
    """What one question found: `was_heard` says that a host answered, `wait` how long it wants to be left alone."""

    verdict: Verdict
    said: str
    was_heard: bool = True
    wait: timedelta | None = None


def look_at(address: str, *, now: datetime, pause: Callable[[], None]) -> Finding:
    """Ask for the head, and where that is refused for the first kilobyte; `pause` lies between the two."""
    try:
        check_address(address)
    except HostNotReached as problem:
        return Finding(Verdict.UNREACHED, str(problem), was_heard=False)
    except NotAsked as problem:
        return Finding(Verdict.NOT_ASKED, str(problem), was_heard=False)
    finding = _find("HEAD", address, now)
    if finding.verdict in (Verdict.FAILED, Verdict.UNSEEN):
        pause()
        finding = _find("GET", address, now)
    return finding


def _find(method: str, address: str, now: datetime) -> Finding:
    try:
        return judge(ask(method, address, headers=A_BIT if method == "GET" else {}), now=now)
    except HostNotReached as problem:
        return Finding(Verdict.UNREACHED, str(problem), was_heard=False)
    except (NoAnswer, NotAsked) as problem:
        # The address itself was found fit to be asked: it leads on to one that is not.
        return Finding(Verdict.FAILED, str(problem), was_heard=False)


def judge(answer: Answer, *, now: datetime) -> Finding:
    """Say what an answer is worth."""
    said = f"Answered {answer.status}{_name_of(answer.status)}."
    if answer.status in BUSY and (answer.status == HTTPStatus.TOO_MANY_REQUESTS or "retry-after" in answer.headers):
        return Finding(Verdict.BUSY, said, wait=wait_asked_for(answer.headers.get("retry-after", ""), now=now))
    if 200 <= answer.status < 300 or answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return Finding(Verdict.GOOD, said)
    return Finding(Verdict.UNSEEN if answer.status in NOT_FOR_ROBOTS else Verdict.FAILED, said)


def _name_of(status: int) -> str:
    try:
        return f" ({HTTPStatus(status).phrase})"
    except ValueError:
        return ""


def wait_asked_for(text: str, *, now: datetime) -> timedelta:
    """Read Retry-After, seconds or a date, within a minute and a week; an hour where it can't be read."""
    try:
        wait = timedelta(seconds=int(text)) if text.strip().isdecimal() else _until(text, now)
    except (ValueError, OverflowError):
        wait = timedelta(hours=1)
    return min(max(wait, SOONEST), LATEST)


def _until(text: str, now: datetime) -> timedelta:
    then = parsedate_to_datetime(text)
    return (then if then.tzinfo else then.replace(tzinfo=UTC)) - now


def pause_of(seconds: float) -> Callable[[], None]:
    return lambda: time.sleep(min(seconds, 2))

"""A virus scanner, where the operator has one: clamd, or what speaks as it does (VIRUS_SCANNER)."""

import logging
import socket
from collections.abc import Iterable
from contextlib import closing

from django.conf import settings

logger = logging.getLogger(__name__)

SECONDS = 10
"""For each step of the talk. Whoever uploads waits for it."""


class NotClean(Exception):
    """The scanner knows what is in the file."""


class NotScanned(Exception):
    """The scanner is away, too slow, or could not read the file: nothing is known of it."""


def scan(chunks: Iterable[bytes]) -> None:
    """Have a file looked at; without a scanner nothing is asked. Raises NotClean or NotScanned."""
    if not settings.VIRUS_SCANNER:
        return
    try:
        told = _ask(chunks)
    except (OSError, UnicodeDecodeError) as error:
        logger.warning("The virus scanner did not answer: %s", error)
        raise NotScanned from error
    if told.endswith(" FOUND"):
        logger.warning("The virus scanner refused a file: %s", told)
        raise NotClean
    if told != "stream: OK":
        logger.warning("The virus scanner could not look at a file: %s", told)
        raise NotScanned


def _ask(chunks: Iterable[bytes]) -> str:
    """Send a file in clamd's INSTREAM: each chunk after its length, nothing after the last; return its one line."""
    host, _, port = settings.VIRUS_SCANNER.rpartition(":")
    with closing(socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        for chunk in filter(None, chunks):
            scanner.sendall(len(chunk).to_bytes(4, "big") + chunk)
        scanner.sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0") and (more := scanner.recv(1024)):
            answer += more
    return answer.rstrip(b"\0").decode()

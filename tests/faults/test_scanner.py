"""Fault 46: the virus scanner finds something, is away, slow, or says what nobody understands."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.core import scanning
from portal.editing.attachments import check_attachment

VIRUS = b"what it knows"


@contextmanager
def scanner(answer: bytes | None) -> Iterator[str]:
    """Listen as clamd does, and return where. `answer` is what it says of anything; None: it knows one virus."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = threading.Thread(target=_serve, args=(listening, answer), daemon=True)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(listening: socket.socket, answer: bytes | None) -> None:
    while True:
        try:
            asked, _ = listening.accept()
        except OSError:
            return
        with asked, asked.makefile("rb") as sent:
            assert sent.read(10) == b"zINSTREAM\0"
            content = b""
            while length := int.from_bytes(sent.read(4), "big"):
                content += sent.read(length)
            if answer is None:
                found = b"Quokka.Test FOUND" if VIRUS in content else b"OK"
                asked.sendall(b"stream: " + found + b"\0")
            elif answer:
                asked.sendall(answer)
            else:
                asked.recv(1)


def attach(content: bytes) -> SimpleUploadedFile:
    file = SimpleUploadedFile("study.pdf", b"%PDF-1.7 " + content)
    check_attachment(file)
    return file


def test_fault_46_only_what_was_found_clean_is_kept(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "SECONDS", 0.3)
    large = b"x" * 200_000
    with scanner(None) as settings.VIRUS_SCANNER:
        assert attach(large).read() == b"%PDF-1.7 " + large
        with pytest.raises(ValidationError, match="refuses this file"):
            attach(large + VIRUS)
    for answer in (b"", b"INSTREAM size limit exceeded. ERROR\0", b"\xff\xfe\0", b"stream: O"):
        with scanner(answer) as settings.VIRUS_SCANNER, pytest.raises(ValidationError, match="attach it later"):
            attach(large)
    settings.VIRUS_SCANNER = "127.0.0.1:1"
    with pytest.raises(ValidationError, match="attach it later"):
        attach(b"")
    settings.VIRUS_SCANNER = ""
    assert attach(VIRUS).read() == b"%PDF-1.7 " + VIRUS

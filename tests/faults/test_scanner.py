"""Fault 46: the virus scanner finds something, is away, slow, or says what nobody understands."""

import hashlib
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.core import scanning
from portal.editing.attachments import check_attachment
from tests.commands.processes import free_port, listens, wait_until

PDF, VIRUS = b"%PDF-1.7 ", b"what it knows"


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


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[str]:
    """Debian's clamd, which knows one virus of ours alone; where it listens."""
    program, port = shutil.which("clamd") or pytest.skip("clamd is not installed (clamav-daemon)"), free_port()
    known = f"{hashlib.md5(PDF + VIRUS, usedforsecurity=False).hexdigest()}:{len(PDF + VIRUS)}:Quokka.Test\n"
    (tmp_path / "known.hdb").write_text(known)
    told = f"Foreground yes\nDatabaseDirectory {tmp_path}\nTCPAddr 127.0.0.1\nTCPSocket {port}\nStreamMaxLength 1M\n"
    (tmp_path / "clamd.conf").write_text(told)
    command = [program, f"--config-file={tmp_path}/clamd.conf"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            assert wait_until(lambda: listens(port), seconds=60)
            yield f"127.0.0.1:{port}"
        finally:
            running.kill()


@pytest.mark.long
def test_fault_46_clamd_itself_is_understood(settings: Any, clamd: str) -> None:
    settings.VIRUS_SCANNER = clamd
    assert attach(b"a study").read() == PDF + b"a study"
    with pytest.raises(ValidationError, match="refuses this file"):
        attach(VIRUS)
    with pytest.raises(ValidationError, match="attach it later"):
        attach(b"x" * 5_000_000)  # more than this clamd takes


def attach(content: bytes) -> SimpleUploadedFile:
    file = SimpleUploadedFile("study.pdf", PDF + content)
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

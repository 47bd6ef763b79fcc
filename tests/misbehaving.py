"""A web server of this machine that misbehaves as it is told, and keeps what it was asked."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Misbehaving:
    """`/302/TO` leads on, `/slow/` drips, `/endless/` never ends, `/closed/` hangs up, `/404/` and so on say that.

    `turns` holds statuses to answer with first, by path and method.
    """

    port: int
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    turns: dict[str, list[int]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    leads_to: str = ""

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def methods(self) -> list[str]:
        return [method for method, *_ in self.asked]


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def log_message(self, *args: Any) -> None:
        pass

    def _answer(self) -> None:
        told: Misbehaving = self.server.told
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        told.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        with suppress(OSError):
            self._misbehave(told)

    do_GET = do_HEAD = do_POST = _answer

    def _misbehave(self, told: Misbehaving) -> None:
        kind = self.path.split("/")[1]
        turns = told.turns.get(f"{self.command} {self.path}") or told.turns.get(self.path)
        if turns:
            return self._send(turns.pop(0), told.headers)
        if kind == "slow":
            while True:
                self.wfile.write(b"H")
                time.sleep(0.05)
        if kind == "endless":
            self._send(200, {}, b"")
            while True:
                self.wfile.write(b"x" * 65536)
        if kind == "closed":
            return None
        if kind == "loop":
            return self._send(302, {"Location": self.path})
        if kind == "away":
            return self._send(302, {"Location": told.leads_to})
        return self._send(int(kind) if kind.isdecimal() else 200, told.headers)

    def _send(self, status: int, headers: dict[str, str], body: bytes = b"ok") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def misbehaving_server(*, certificate: str = "") -> Iterator[Misbehaving]:
    """Start one; with a certificate, a file that holds its key too, it speaks TLS."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    if certificate:
        encrypted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        encrypted.load_cert_chain(certificate)
        server.socket = encrypted.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    server.told = Misbehaving(port=server.server_address[1])  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server.told  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()

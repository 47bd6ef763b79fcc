"""What deploy/ ships for the proxy, in a real nginx: what a visitor claims of himself does not get through."""

import http.client
import http.server
import json
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands.processes import free_port, wait_until

NAME = "portal.example.nhs.uk"


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the heads that reached it."""

    def do_GET(self) -> None:
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def proxy(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """The ports of the shipped configuration, http and https, in front of an echo."""
    folder = tmp_path_factory.mktemp("nginx")
    echo = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=echo.serve_forever, daemon=True).start()
    key, certificate, plain, secure = folder / "privkey.pem", folder / "fullchain.pem", free_port(), free_port()
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    text = (checkout / "deploy/nginx/portal.conf.template").read_text()
    for shipped, here in {
        "${PORTAL_NAME}": NAME,
        "${PORTAL_WEB}": f"127.0.0.1:{echo.server_port}",
        "/etc/nginx/tls": str(folder),
        "/var/log/nginx": str(folder),
        "listen [::]:80 default_server;": "",
        "listen [::]:443 ssl default_server;": "",
        "listen [::]:443 ssl http2;": "",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "listen 443": f"listen 127.0.0.1:{secure}",
    }.items():
        assert shipped in text
        text = text.replace(shipped, here)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    )
    configuration = folder / "nginx.conf"
    user = "user root;" if os.getuid() == 0 else ""
    around = f"daemon off; {user} pid {folder}/pid; error_log {folder}/error.log; events {{}}"
    configuration.write_text(f"{around} http {{ {temporary}\n{text}\n}}")
    started = ["nginx", "-c", str(configuration)]
    subprocess.run([*started, "-t"], check=True, capture_output=True)
    nginx = subprocess.Popen(started, stderr=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: _listens(secure), seconds=20)
        yield plain, secure
    finally:
        nginx.terminate()
        nginx.wait(timeout=20)
        echo.shutdown()
        echo.server_close()


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def ask(port: int, path: str = "/", *, host: str = NAME, method: str = "GET", **more: Any) -> tuple[int, Any]:
    context = ssl._create_unverified_context()  # noqa: S323 (made for this test)
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        asking.sock = context.wrap_socket(
            socket.create_connection(("127.0.0.1", port), timeout=20), server_hostname=host
        )
        asking.request(method, path, headers={"Host": host, **more.pop("headers", {})}, **more)
        answer = asking.getresponse()
        return answer.status, answer.read()
    finally:
        asking.close()


def test_what_a_visitor_says_of_where_he_comes_from_is_replaced(proxy: tuple[int, int]) -> None:
    claimed = {
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=10.0.0.1",
        "X-Real-IP": "10.0.0.1",
        "X-Request-ID": "mine",
        "X_Forwarded_For": "10.0.0.1",
    }
    status, body = ask(proxy[1], headers=claimed)
    heads = json.loads(body)
    assert status == 200
    assert (heads["x-forwarded-for"], heads["x-forwarded-proto"], heads["host"]) == ("127.0.0.1", "https", NAME)
    assert len(heads["x-request-id"]) == 32
    assert not {"x-forwarded-host", "forwarded", "x-real-ip", "x_forwarded_for"} & heads.keys()
    assert "10.0.0.1" not in body.decode()


def test_a_body_larger_than_any_attachment_is_refused_unread(proxy: tuple[int, int]) -> None:
    assert ask(proxy[1], method="POST", headers={"Content-Length": "27000000"})[0] == 413
    assert ask(proxy[1], method="POST", body=b"x" * 1_000_000)[0] == 200


def test_what_is_for_operators_is_not_there_from_outside(proxy: tuple[int, int]) -> None:
    assert [ask(proxy[1], path)[0] for path in ("/metrics", "/health/ready", "/health/live")] == [404, 404, 200]


def test_other_names_get_no_answer(proxy: tuple[int, int]) -> None:
    with pytest.raises((ssl.SSLError, OSError)):
        ask(proxy[1], host="evil.example")


def test_without_tls_one_is_led_to_the_site_whatever_name_was_asked(proxy: tuple[int, int]) -> None:
    asking = http.client.HTTPConnection("127.0.0.1", proxy[0], timeout=20)
    asking.request("GET", "/packs/?a=1", headers={"Host": "evil.example"})
    answer = asking.getresponse()
    assert (answer.status, answer.getheader("Location")) == (308, f"https://{NAME}/packs/?a=1")
    asking.close()

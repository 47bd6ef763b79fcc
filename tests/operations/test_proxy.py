"""What deploy/ ships for the proxy, in a real nginx: what a visitor claims of himself does not get through."""

import http.client
import http.server
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.operations.proxy import NAME, ask, shipped_proxy, speak_tls

FOR_A_YEAR = "max-age=31536000; includeSubDomains; preload"


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the heads that reached it."""

    def do_GET(self) -> None:
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        if said := self.headers.get("Says"):
            self.send_header("Strict-Transport-Security", said)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_TRACE = do_GET

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def proxy(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """The ports of the shipped configuration, http and https, in front of an echo."""
    echo = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=echo.serve_forever, daemon=True).start()
    with shipped_proxy(checkout, tmp_path_factory.mktemp("nginx"), in_front_of=echo.server_port) as started:
        yield started.plain, started.secure
    echo.shutdown()
    echo.server_close()


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


@pytest.mark.parametrize(
    ("path", "says", "told"),
    [("/metrics", {}, FOR_A_YEAR), ("/", {}, FOR_A_YEAR), ("/", {"Says": "max-age=1"}, "max-age=1")],
)
def test_each_answer_says_once_that_only_encrypted_ones_count(
    proxy: tuple[int, int], path: str, says: dict[str, str], told: str
) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", proxy[1], timeout=20)) as asking:
        asking.sock = speak_tls(proxy[1])
        asking.request("GET", path, headers={"Host": NAME, **says})
        assert asking.getresponse().headers.get_all("Strict-Transport-Security") == [told]


def test_no_head_is_repeated_to_who_sent_it(proxy: tuple[int, int]) -> None:
    assert ask(proxy[1], method="TRACE")[0] == 405


def test_other_names_get_no_answer(proxy: tuple[int, int]) -> None:
    with pytest.raises((ssl.SSLError, OSError)):
        ask(proxy[1], host="evil.example")


def test_without_tls_one_is_led_to_the_site_whatever_name_was_asked_and_programs_are_refused(
    proxy: tuple[int, int],
) -> None:
    for path, told in {"/packs/?a=1": (308, f"https://{NAME}/packs/?a=1"), "/api/v1/entries/": (403, None)}.items():
        with closing(http.client.HTTPConnection("127.0.0.1", proxy[0], timeout=20)) as asking:
            asking.request("GET", path, headers={"Host": "evil.example"})
            answer = asking.getresponse()
            assert (answer.status, answer.getheader("Location")) == told

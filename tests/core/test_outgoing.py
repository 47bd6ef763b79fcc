"""The guarded way out: what may be asked, and what a host can do to who asks it."""

import socket
import ssl
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from portal.core import outgoing
from portal.core.outgoing import HostNotReached, NoAnswer, NotAsked, ask, check_address
from tests.misbehaving import Misbehaving, misbehaving_server

INSIDE = [
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "192.0.0.1"),
    *("[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[fec0::1]", "[2001:db8::1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[::127.0.0.1]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]"),
    *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"),
]


def name_of(*ips: str) -> Any:
    """Return a resolver that knows every name by these addresses."""
    return lambda host, port, **kind: [(0, 0, 0, "", (ip, port)) for ip in ips]


@pytest.mark.parametrize("host", INSIDE)
def test_no_way_leads_inside(host: str) -> None:
    with pytest.raises(NotAsked, match="private network"):
        check_address(f"http://{host}/")


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("ftp://example.org/", "https://"),
        ("file:///etc/passwd", "https://"),
        ("//example.org/", "https://"),
        ("http://me:secret@8.8.8.8/", "name or password"),
        ("http://8.8.8.8\\@127.0.0.1/", "no address"),
        ("http://8.8.8.8/\r\nHost: x", "no address"),
        ("http://8.8.8.8:99999/", "no address"),
        ("https:///path", "no host"),
        ("http://8.8.8.8/" + "x" * 2000, "too long"),
        ("http://8.8.8.8:22/", "Port 22 is not asked. Use one of 80, 443, 8080, 8443"),
        ("https://[2606:4700::1111]:6379/", "Port 6379"),
    ],
)
def test_what_is_not_asked_says_why(address: str, why: str) -> None:
    with pytest.raises(NotAsked, match=why):
        check_address(address)


def test_public_addresses_are_asked() -> None:
    assert check_address("https://8.8.8.8/a?b#c").ips == ("8.8.8.8",)
    assert check_address("http://[2606:4700::1111]:8080/").ips == ("2606:4700::1111",)


def test_a_name_with_one_private_address_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "getaddrinfo", name_of("8.8.8.8", "10.0.0.1"))
    with pytest.raises(NotAsked, match="private network"):
        check_address("https://two.example/")


def test_a_name_nobody_knows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: Any, **kind: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(outgoing, "getaddrinfo", unknown)
    with pytest.raises(HostNotReached, match="not known"):
        check_address("https://nowhere.example/")


def test_nothing_is_asked_unless_the_operator_says_so(other_host: Misbehaving, settings: Any) -> None:
    settings.OUTGOING = False
    with pytest.raises(NotAsked, match="OUTGOING"):
        ask("GET", other_host.url("/"))
    assert other_host.asked == []


def test_a_network_and_a_name_can_be_allowed(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OUTGOING_ALLOW = ["10.20.0.0/16", "hooks.example"]
    assert check_address("http://10.20.1.1:9000/").ips == ("10.20.1.1",)
    monkeypatch.setattr(outgoing, "getaddrinfo", name_of("192.168.0.7"))
    assert check_address("http://hooks.example:9000/").ips == ("192.168.0.7",)
    with pytest.raises(NotAsked):
        check_address("http://other.example/")


def test_the_connection_goes_to_the_address_that_was_judged(
    other_host: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is asked for once: what it would answer next, an inner address, is never heard."""
    told = iter(["127.0.0.1", "169.254.169.254"])
    asked: list[str] = []

    def rebinding(host: str, port: int, **kind: Any) -> Any:
        asked.append(host)
        return [(0, 0, 0, "", (next(told), port))]

    monkeypatch.setattr(outgoing, "getaddrinfo", rebinding)
    answer = ask("GET", other_host.url("/200/", host="changing.example"))
    assert answer.status == 200
    assert asked == ["changing.example"]
    (_, _, headers, _) = other_host.asked[0]
    assert headers["host"] == f"changing.example:{other_host.port}"
    assert headers["user-agent"].startswith("WorkforceInnovationPortal/1 (+http")
    assert "cookie" not in headers


@pytest.mark.parametrize(
    "inside",
    [
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://localhost/",
        "//10.0.0.1",
    ],
)
def test_a_redirect_to_the_inside_is_not_followed(other_host: Misbehaving, inside: str) -> None:
    other_host.leads_to = inside
    with pytest.raises(NotAsked):
        ask("GET", other_host.url("/away/"))
    assert len(other_host.asked) == 1


def test_a_redirect_to_another_scheme_is_not_followed(other_host: Misbehaving) -> None:
    other_host.leads_to = "file:///etc/passwd"
    with pytest.raises(NotAsked):
        ask("GET", other_host.url("/away/"))


def test_redirects_are_counted(other_host: Misbehaving) -> None:
    with pytest.raises(NoAnswer, match="more than 5 times"):
        ask("GET", other_host.url("/loop/"))
    assert len(other_host.asked) == 6


def test_a_redirect_is_followed_and_said(other_host: Misbehaving) -> None:
    other_host.leads_to = "/200/"
    assert ask("GET", other_host.url("/away/")).address == other_host.url("/200/")
    assert ask("GET", other_host.url("/away/"), redirects=0).status == 302


@pytest.mark.slow
def test_a_host_that_drips_is_left_in_time(other_host: Misbehaving) -> None:
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        ask("GET", other_host.url("/slow/"))
    assert time.monotonic() - began < 3


def test_of_an_endless_body_only_the_beginning_is_read(other_host: Misbehaving) -> None:
    assert len(ask("GET", other_host.url("/endless/"), most_bytes=1000).body) == 1000


def test_a_host_that_hangs_up_gave_no_answer(other_host: Misbehaving) -> None:
    with pytest.raises(NoAnswer, match="broke off"):
        ask("GET", other_host.url("/closed/"))


def test_a_host_that_does_not_speak_tls_gave_no_answer(other_host: Misbehaving) -> None:
    with pytest.raises(NoAnswer, match="certificate"):
        ask("GET", other_host.url("/").replace("http:", "https:"))


@pytest.mark.parametrize(
    ("name", "trusted", "answered"), [("here.example", True, True), ("here.example", False, False), ("x", True, False)]
)
def test_a_certificate_is_of_the_name_that_was_asked_and_of_somebody_trusted(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, name: str, trusted: bool, answered: bool
) -> None:
    certificate = str(tmp_path / "certificate.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    of_name = ["-subj", "/CN=x", "-addext", f"subjectAltName=DNS:{name}", "-keyout", certificate, "-out", certificate]
    subprocess.run([*command, *of_name], check=True, capture_output=True)
    settings.OUTGOING, settings.OUTGOING_ALLOW = True, ["here.example"]
    monkeypatch.setattr(outgoing, "getaddrinfo", name_of("127.0.0.1"))
    if trusted:
        monkeypatch.setattr(outgoing, "_trust", lambda: ssl.create_default_context(cafile=certificate))
    with misbehaving_server(certificate=certificate) as host:
        address = host.url("/200/", host="here.example").replace("http:", "https:")
        if answered:
            assert ask("GET", address).status == 200
        else:
            with pytest.raises(NoAnswer, match="certificate"):
                ask("GET", address)
        assert host.methods() == ["GET"] * answered


def test_where_nobody_listens_no_connection_is_made(settings: Any) -> None:
    settings.OUTGOING, settings.OUTGOING_ALLOW = True, ["127.0.0.1"]
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        with pytest.raises(HostNotReached):
            ask("GET", f"http://127.0.0.1:{unheard.getsockname()[1]}/")

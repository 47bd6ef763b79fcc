"""The one way in which the portal asks other hosts: guarded, so that an address somebody wrote leads nowhere inside.

A name is resolved once, every address it stands for is judged, and the connection is made to the
very address that was judged: a name that answers otherwise a moment later changes nothing.
Redirects are followed by hand, and each is judged like the first address. Cookies, proxies and
credentials are never used.
"""

import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from socket import SHUT_RDWR, SOCK_STREAM, getaddrinfo, socket
from threading import Timer
from time import monotonic
from urllib.parse import urljoin

import certifi
from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

PORT_OF = {"http": 80, "https": 443}
PORTS = frozenset({80, 443, 8080, 8443})
LONGEST_ADDRESS = 2000
MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OPAQUE = tuple(ip_network(text) for text in ("2002::/16", "64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
"""IPv6 addresses that carry an IPv4 address within."""


class NotAsked(Exception):
    """The portal does not ask this address; the message says why, fit to show."""


class NoAnswer(Exception):
    """Nothing came that is an answer; the message says what happened, fit to show."""


class HostNotReached(NoAnswer):
    """There was no connection: it may be the host, or our own network."""


@dataclass(frozen=True)
class Target:
    """An address that was judged: what is connected to stands in `ips`, and nowhere else.

    `is_listed` says that the operator named it in OUTGOING_ALLOW.
    """

    url: Url
    host: str
    port: int
    ips: tuple[str, ...]
    is_listed: bool


@dataclass(frozen=True)
class Answer:
    """What came from `address`, where the redirects ended; of the body no more than was asked for."""

    status: int
    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def ask(
    method: str,
    address: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    most_bytes: int = 1000,
    redirects: int = MOST_REDIRECTS,
    seconds: float | None = None,
) -> Answer:
    """Ask an address, and where it leads, within `seconds` in all, or those of OUTGOING_SECONDS.

    Raises NotAsked where an address may not be asked or the portal asks no hosts at all, and
    NoAnswer where there was none: also when `redirects` were not enough.
    """
    if not settings.OUTGOING:
        raise NotAsked("This portal is set not to ask other hosts (OUTGOING).")
    ends_at = monotonic() + (seconds or settings.OUTGOING_SECONDS)
    for _ in range(redirects + 1):
        answer = _ask_once(method, check_address(address), body, headers or {}, most_bytes, ends_at)
        onward = answer.headers.get("location") if answer.status in REDIRECTS else None
        if onward is None or not redirects:
            return answer
        address = urljoin(answer.address, onward)
    raise NoAnswer(f"It led on more than {redirects} times.")


def check_address(address: str) -> Target:
    """Resolve and judge an address; raise NotAsked, or HostNotReached for a name nobody knows."""
    url = _parsed(address)
    host, port = str(url.host).strip("[]"), url.port or PORT_OF[str(url.scheme)]
    ips = _resolved(host, port)
    strange = [] if _is_listed(host, port) else [ip for ip in ips if not _is_listed_ip(ip, port)]
    for ip in strange:
        if not _is_public(ip) or port not in PORTS:
            raise NotAsked(_why_not(ip, port))
    return Target(url=url, host=host, port=port, ips=tuple(str(ip) for ip in ips), is_listed=not strange)


def _parsed(address: str) -> Url:
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or " " in address or "\\" in address:
        raise NotAsked("It is no address: it is too long, or has spaces or other marks in it.")
    try:
        url = parse_url(address)
    except LocationParseError as error:
        raise NotAsked("It is no address that can be read.") from error
    if url.scheme not in PORT_OF:
        raise NotAsked("It must begin with https:// or http://.")
    if url.auth is not None:
        raise NotAsked("It must hold no name or password.")
    if not url.host:
        raise NotAsked("It names no host.")
    return url


def _resolved(host: str, port: int) -> list[IPv4Address | IPv6Address]:
    try:
        found = getaddrinfo(host, port, type=SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise HostNotReached("Its name is not known.") from error
    return [ip_address(one[4][0]) for one in found]


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Say whether an address is one of the open internet, and not one of ours in other clothes."""
    if ip.is_multicast or ip.is_reserved or ip.is_unspecified or not ip.is_global:
        return False
    return isinstance(ip, IPv4Address) or not (ip.is_site_local or any(ip in network for network in OPAQUE))


def _why_not(ip: IPv4Address | IPv6Address, port: int) -> str:
    if not _is_public(ip):
        return "It leads into a private network, to this machine or to no single host."
    return f"Port {port} is not asked. Use one of {', '.join(map(str, sorted(PORTS)))}."


def _is_listed(name: str, port: int) -> bool:
    return bool({name, f"{name}:{port}"} & set(settings.OUTGOING_ALLOW))


def _is_listed_ip(ip: IPv4Address | IPv6Address, port: int) -> bool:
    networks = [ip_network(entry) for entry in settings.OUTGOING_ALLOW if "/" in entry]
    return _is_listed(str(ip), port) or any(ip in network for network in networks)


@cache
def _trust() -> ssl.SSLContext:
    """Trust what this machine trusts, and the public authorities where it has no list of its own."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _connection(target: Target, ip: str, ends_at: float) -> HTTPConnection:
    seconds = min(settings.OUTGOING_SECONDS / 2, max(ends_at - monotonic(), 0.1))
    if target.url.scheme == "http":
        return HTTPConnection(ip, target.port, timeout=seconds)
    return HTTPSConnection(ip, target.port, timeout=seconds, server_hostname=target.host, ssl_context=_trust())


def _ask_once(
    method: str, target: Target, body: bytes | None, headers: Mapping[str, str], most_bytes: int, ends_at: float
) -> Answer:
    """Connect to the first address that takes the connection, and ask there."""
    for ip in target.ips[:3]:
        connection = _connection(target, ip, ends_at)
        # A timeout of the socket begins anew with each byte: a host that sends one now and then would hold us for ever.
        ending = Timer(max(ends_at - monotonic(), 0.1), _hang_up, [connection])
        ending.daemon = True
        ending.start()
        try:
            if _connects(connection):
                return _exchange(connection, method, target, body, headers, most_bytes)
        except ssl.SSLError as error:
            raise NoAnswer("Its certificate, or its encryption, was not accepted.") from error
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            raise NoAnswer(f"The connection broke off, or what came was no answer ({type(error).__name__}).") from error
        finally:
            ending.cancel()
            connection.close()
    raise HostNotReached("No connection could be made.")


def _hang_up(connection: HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):
            # Not SSLSocket's own, which would take the encryption from under the thread that reads.
            socket.shutdown(connection.sock, SHUT_RDWR)


def _connects(connection: HTTPConnection) -> bool:
    try:
        connection.connect()
    except ssl.SSLError:
        raise
    except (HTTPError, OSError):
        return False
    return True


def _exchange(
    connection: HTTPConnection,
    method: str,
    target: Target,
    body: bytes | None,
    headers: Mapping[str, str],
    most_bytes: int,
) -> Answer:
    own = {
        "Host": str(target.url.netloc),
        "User-Agent": f"{settings.SITE_NAME.replace(' ', '')}/1 (+{settings.SITE_URL})",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    connection.request(
        method,
        target.url.request_uri,
        body=body,
        headers={**headers, **own},
        preload_content=False,
        decode_content=False,
    )
    response = connection.getresponse()
    try:
        read = response.read(most_bytes, decode_content=False) if most_bytes else b""
    finally:
        response.close()
    told = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status=response.status, address=str(target.url), headers=told, body=read)

"""Hostile requests by the thousand: odd methods, paths, queries, heads and bodies, the same for the same seed."""

import io
import random
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

TEXTS = [
    *("", " ", "0", "-1", "1e309", "9" * 40, "NaN", "None", "null", "true", "[]", "{}", "a" * 5000, "A" * 70_000),
    *("'", '"', "' OR 1=1--", "1; DROP TABLE catalogue_entry", "'||pg_sleep(9)--", "%27%20OR", "\\", "\\x00", "\x00"),
    *("<script>alert(1)</script>", "<svg/onload=alert(1)>", "{{7*7}}", "${7*7}", "{% debug %}", "#{7*7}", "%s%n%x"),
    *("../../../../etc/passwd", "..%2f..%2f", "file:///etc/passwd", "http://169.254.169.254/", "|id", "$(id)", "`id`"),
    *(
        "\r\nSet-Cookie: evil=1",
        "%0d%0aX-Evil:1",
        "\x1b[31mred",
        "\u202e",
        "\u200b",
        "\ufeff",
        "王",
        "🙂" * 200,
        "\ud7ff",
    ),
    *(
        "é",
        "e\u0301",
        "İ",
        "ß",
        "\u017f",
        "\xff",
        "\x7f",
        "\t",
        "*",
        "%",
        "_",
        "a AND",
        '"a',
        "(((((",
        "a OR NOT",
        "NEAR(",
    ),
    *(
        "(" * 500,
        "a:" * 200,
        "- " * 300,
        "x* " * 100,
        "_connector",
        "__class__",
        "pk__in",
        "owner_network__name",
        "?",
        ".",
    ),
    *("2026-02-30", "2026-13", "0000-00-00", "10000-01-01", "2022/23", "2022/25", "-2022", "1970-01-01T00:00:00Z"),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775809", "1" * 4000, "0x10", "1_000", "\u0661"),
]
NAMES = [
    *("q", "page", "sort", "theme", "kind", "place", "period", "from", "to", "basis", "measure", "entry", "compare"),
    *("next", "fields", "cursor", "limit", "size", "as_at", "stage", "type", "region", "icb", "link", "moved", "heard"),
    *(
        "format",
        "_method",
        "csrfmiddlewaretoken",
        "username",
        "password",
        "email",
        "title",
        "days",
        "network",
        "revision",
    ),
    *("pk", "id", "_connector", "_negated", "pk__in", "password__startswith", "q[]", "q[$ne]", "__proto__", "\x00", ""),
]
HEADS = [
    *(
        "HTTP_ACCEPT",
        "HTTP_ACCEPT_LANGUAGE",
        "HTTP_ACCEPT_ENCODING",
        "HTTP_ACCEPT_CHARSET",
        "HTTP_RANGE",
        "HTTP_IF_MATCH",
    ),
    *("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_REFERER", "HTTP_ORIGIN"),
    *("HTTP_USER_AGENT", "HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"),
    *("HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_X_REQUESTED_WITH", "HTTP_X_REQUEST_ID", "HTTP_HX_REQUEST"),
    *("HTTP_SEC_FETCH_SITE", "HTTP_X_CSRFTOKEN", "HTTP_IDEMPOTENCY_KEY", "HTTP_EXPECT", "HTTP_TRANSFER_ENCODING"),
    *("HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_UPGRADE", "HTTP_DNT", "HTTP_ACCESS_CONTROL_REQUEST_METHOD", "HTTP_HOST"),
]
LIKELY = {
    "HTTP_COOKIE": ["sessionid=%s", "csrftoken=%s", "messages=%s", "a=%s; a=%s", "%s"],
    "HTTP_AUTHORIZATION": ["Bearer %s", "Basic %s", "%s"],
    "HTTP_ACCEPT": ["application/json;q=%s", "*/*;q=%s", "%s/%s"],
    "HTTP_ACCEPT_LANGUAGE": ["en;q=%s", "%s-%s", "a-" * 900 + "%s"],
    "HTTP_RANGE": ["bytes=%s-", "bytes=-%s", "bytes=0-0,1-1,%s"],
    "HTTP_IF_NONE_MATCH": ['"%s"', "*", 'W/"%s", %s'],
    "HTTP_IF_MODIFIED_SINCE": ["Thu, 01 Jan %s 00:00:00 GMT", "%s"],
}
METHODS = (
    ["GET"] * 12
    + ["POST"] * 6
    + ["HEAD", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "X" * 300]
)
KINDS = [
    *("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "text/plain", ""),
    *(
        "multipart/form-data",
        "multipart/form-data; boundary=" + "x" * 300,
        "application/xml",
        "text/html; charset=utf-99",
    ),
    *("application/json; charset=utf-16", "multipart/mixed; boundary=x", "image/svg+xml", 'a/b; c="', "\xff"),
]


LONGEST_LINE = 4000
"""What is longer the web server refuses by itself: 4,094 characters of the first line, 8,190 of another."""


class Hostile(NamedTuple):
    """One request as a WSGI server hands it over; `told` says it in one line."""

    environ: dict[str, Any]

    @property
    def told(self) -> str:
        kept = {name: value for name, value in self.environ.items() if not name.startswith(("wsgi.", "SERVER_"))}
        return repr(kept)[:2000]


class Hostility:
    """Draws requests to these addresses; `hosts` is whom a request may be for."""

    def __init__(self, seed: int, addresses: Sequence[str]) -> None:
        self._draw = random.Random(seed)
        self._addresses = addresses

    def requests(self, how_many: int) -> Iterator[Hostile]:
        for _ in range(how_many):
            yield Hostile(self._environ())

    def _text(self) -> str:
        text = self._draw.choice(TEXTS)
        if self._draw.random() < 0.2:
            text += self._draw.choice(TEXTS)
        if self._draw.random() < 0.1:
            text = "".join(chr(self._draw.randrange(1, 0x300)) for _ in range(self._draw.randrange(1, 60)))
        return text

    def _path(self) -> str:
        address = self._draw.choice(self._addresses)
        way = self._draw.random()
        if way < 0.55:
            return address
        if way < 0.7:  # another text for one part
            parts = address.split("/")
            parts[self._draw.randrange(len(parts))] = self._text()
            return "/".join(parts)
        if way < 0.8:
            return address.rstrip("/") + self._draw.choice(["", "//", "/.", "/..", ".json", ".csv", "%00", ";x=1", "?"])
        if way < 0.9:
            return self._draw.choice(["/", "//", "/\\", "", "///", "/%"]) + self._text()
        return self._draw.choice(
            [
                "/.git/config",
                "/.env",
                "/wp-login.php",
                "/admin/",
                "/assets/../portal/settings.py",
                "/media/",
                "*",
                "http://evil.example/",
                "//evil.example/catalogue",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/editing/pages/",
            ]
        )

    def _query(self) -> str:
        pairs = [(self._draw.choice(NAMES), self._text()) for _ in range(self._draw.choice([0, 0, 1, 1, 2, 3, 8, 60]))]
        query = "&".join(f"{quote(name)}={quote(text, errors='replace')}" for name, text in pairs)
        if self._draw.random() < 0.1:  # not quoted, or not of any alphabet
            query = self._draw.choice([self._text(), "%", "%ff%fe=%c0%af", "&&&;==", "q=%u0041", "a" * 9000])
        return query

    def _body(self) -> bytes:
        pairs = [(self._draw.choice(NAMES), self._text()) for _ in range(self._draw.choice([0, 1, 3, 20]))]
        form = "&".join(f"{quote(name)}={quote(text, errors='replace')}" for name, text in pairs).encode()
        return self._draw.choice(
            [
                *(
                    form,
                    form,
                    form,
                    b"",
                    b"{",
                    b"[" * 3000,
                    b'{"a":' * 900,
                    b'{"title": 1}',
                    b"null",
                    b'"\\ud800"',
                    b"1e999",
                ),
                b'{"slug": {"$ne": 1}, "figures": [[[]]], "title": "' + b"x" * 90_000 + b'"}',
                b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na,b\r\n--x--\r\n',
                b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
                b"--x\r\n" * 2000,
                b"--x\r\nContent-Disposition: form-data; name*=utf-99''%ff\r\n\r\n=\r\n--x--",
                b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n=\r\n--x',
                bytes(self._draw.randrange(256) for _ in range(200)),
                b"<!DOCTYPE x [<!ENTITY a 'ha'>]><x>&a;</x>",
            ]
        )

    def _head(self, name: str) -> str:
        text = self._text().replace("\r", "").replace("\n", "").replace("\x00", "")[:6000]  # no server lets these in
        for shape in self._draw.sample(LIKELY.get(name, ["%s"]), 1):
            text = shape.replace("%s", text)
        return text.encode(errors="replace").decode("latin-1")

    def _environ(self) -> dict[str, Any]:
        body = self._body()
        length = str(len(body)) if self._draw.random() < 0.9 else self._draw.choice(["", "-1", "x", "1", "99999999"])
        path, query = self._path()[:LONGEST_LINE], self._query()
        environ = {
            "REQUEST_METHOD": self._draw.choice(METHODS),
            "SCRIPT_NAME": "",
            "PATH_INFO": path.encode(errors="replace").decode("latin-1"),
            "QUERY_STRING": query[: LONGEST_LINE - len(path)].encode(errors="replace").decode("latin-1"),
            "CONTENT_TYPE": self._draw.choice(KINDS),
            "CONTENT_LENGTH": length,
            "REMOTE_ADDR": self._draw.choice(["203.0.113.9", "2001:db8::1", "", "unknown"]),
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "testserver",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if self._draw.random() < 0.5:  # a form of this site is read further
            environ["HTTP_SEC_FETCH_SITE"] = "same-origin"
        for name in self._draw.sample(HEADS, self._draw.choice([0, 1, 2, 5])):
            environ[name] = self._head(name)
        return environ

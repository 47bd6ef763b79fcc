"""Answers that visitors share: what one visitor sends beside the address never shows in the next one's answer."""

from typing import Any

import pytest
from django.test import Client

from portal.catalogue.sharing import forget_answers
from tests.addresses import every_route
from tests.attacks.site import Site, body_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MARK = "wombat"
OWN = ("RateLimit", "X-Request-ID")
"""Headers that tell of the one request, by middlewares outside the shared answers."""
BESIDE = {
    "x-forwarded-host": f"{MARK}.example",
    "x-host": f"{MARK}.example",
    "x-original-url": f"/{MARK}/",
    "x-rewrite-url": f"/{MARK}/",
    "x-forwarded-scheme": "http",
    "x-forwarded-prefix": f"/{MARK}",
    "x-forwarded-for": f"<{MARK}>",
    "x-http-method-override": "POST",
    "x-requested-with": "XMLHttpRequest",
    "hx-request": "true",
    "accept": f"application/json, text/{MARK}",
    "accept-language": f"cy, {MARK}",
    "accept-encoding": "identity;q=0",
    "range": "bytes=0-3",
    "if-none-match": f'"{MARK}"',
    "if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT",
    "referer": f"https://{MARK}.example/",
    "user-agent": f"<script>{MARK}</script>",
    "cookie": f"theme={MARK}; csrftoken={MARK}; messages={MARK}",
}


def asked(address: str, **options: Any) -> tuple[int, bytes, dict[str, str]]:
    answer = Client(raise_request_exception=False).get(address, **options)
    body = body_of(answer)
    headers = {name: value for name, value in answer.items() if not name.startswith(OWN)}
    # A workbook holds the moment of its making, packed.
    return answer.status_code, b"" if address.endswith(".xlsx") else body, headers


def test_nothing_a_visitor_sends_beside_the_address_reaches_the_next(site: Site) -> None:
    shared = 0
    for route in every_route():
        if not getattr(route.view, "is_public_page", False):
            continue
        address = site.address_of(route)
        forget_answers()
        clean = asked(address)
        forget_answers()
        poisoned = Client(raise_request_exception=False)
        assert MARK.encode() not in body_of(poisoned.get(address, headers=BESIDE)), address
        body_of(poisoned.head(address, headers=BESIDE))
        assert asked(address) == clean, address
        shared += clean[0] == 200
    assert shared > 50


@pytest.mark.parametrize("address", ["/catalogue/", "/innovations/bank/", "/impact/"])
def test_another_question_is_another_answer(site: Site, address: str) -> None:
    clean = asked(address)
    for question in (f"utm_source={MARK}", f"q={MARK}", f"page={MARK}", f";{MARK}", f"%00{MARK}", f"q=1&q={MARK}"):
        asked(f"{address}?{question}")
        assert asked(address) == clean
    for way in (f"{address};{MARK}", f"{address}%3f{MARK}", f"{address}/", f"{address}{MARK}.css"):
        assert asked(way)[0] in (301, 404), way
        assert asked(address) == clean


def test_what_a_page_repeats_of_a_question_is_text(site: Site) -> None:
    marks = "'\"><script>alert(1)</script>"
    for address in (
        "/catalogue/",
        "/innovations/",
        "/impact/",
        "/adoption/",
        "/evidence/",
        "/organisations/",
        "/compare/",
    ):
        for name in ("q", "theme", "sort", "page", "entry", "place", "period", "next", "from", "type"):
            page = asked(f"{address}?{name}=%27%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
            assert marks.encode() not in page[1], (address, name)
            assert b"<script>alert(1)" not in page[1], (address, name)

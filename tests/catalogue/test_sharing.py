"""Answers shared among visitors without a session, and forms that need no token."""

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.catalogue.finding.missed import missed_searches
from portal.catalogue.models import MissedSearch
from portal.catalogue.services import publish_entry
from portal.catalogue.sharing import forget_answers
from portal.organisations.models import Organisation
from tests.factories import InnovationFactory, ThemeFactory

pytestmark = pytest.mark.django_db

SHARED = ["/", "/catalogue/?q=bank", "/innovations/bank/", "/themes/sharing/", "/impact/", "/adoption/", "/evidence/"]


@pytest.fixture
def bank(england: Organisation) -> Any:
    return InnovationFactory(published=True, title="Bank", slug="bank", themes=[ThemeFactory(slug="sharing")])


@pytest.mark.parametrize("address", SHARED)
def test_the_next_visitor_gets_the_same_answer_for_one_query(
    bank: Any, django_assert_num_queries: Any, address: str
) -> None:
    first = Client().get(address)
    with django_assert_num_queries(1):
        second = Client().get(address)
    with django_assert_num_queries(1):
        unchanged = Client().head(address, headers={"if-none-match": first["ETag"]})
    assert second.content == first.content
    assert second.headers.pop("X-Request-ID") != first.headers.pop("X-Request-ID")
    assert dict(second.items()) == dict(first.items())
    assert "default-src 'none'" in second["Content-Security-Policy"]
    assert (unchanged.status_code, unchanged.content) == (304, b"")


@pytest.mark.parametrize("address", SHARED)
def test_a_page_that_is_shared_holds_no_token_and_sets_no_cookie(bank: Any, address: str) -> None:
    answer = Client().get(address)
    assert "csrfmiddlewaretoken" not in answer.text
    assert not answer.cookies


@pytest.mark.parametrize("address", SHARED)
def test_what_is_published_shows_at_once(bank: Any, address: str) -> None:
    before = Client().get(address)
    bank.title = "Collaborative bank"
    publish_entry(entry=bank)
    after = Client().get(address)
    assert after["ETag"] != before["ETag"]
    assert ("Collaborative bank" in after.text) == (">Bank" in before.text)


def test_a_304_names_its_etag_also_where_nothing_is_kept(bank: Any) -> None:
    tag = Client().get("/catalogue/")["ETag"]
    forget_answers()
    unchanged = Client().get("/catalogue/", headers={"if-none-match": tag})
    assert (unchanged.status_code, unchanged["ETag"]) == (304, tag)
    assert "private" in unchanged["Cache-Control"]


def test_who_has_a_basket_sees_their_own_and_nobody_else_does(bank: Any) -> None:
    Client().get("/catalogue/")
    chooser = Client()
    chooser.post(reverse("briefings:basket_add"), {"entry": "bank", "next": "/catalogue/"})
    assert "Remove<" in chooser.get("/catalogue/").text
    assert "Remove<" not in Client().get("/catalogue/").text


def test_answers_are_told_apart_by_host_scheme_and_question(bank: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ways: list[dict[str, Any]] = [
        {"headers": {"host": "one.example"}},
        {"headers": {"host": "two.example"}},
        {"headers": {"host": "one.example", "x-forwarded-proto": "https"}},
        {"headers": {"host": "one.example"}, "query_params": {"q": "nurses"}},
    ]
    made = [Client().get("/catalogue/", **way).context for way in ways]
    assert all(context is not None for context in made)
    assert Client().get("/catalogue/", headers={"host": "elsewhere.example"}).status_code == 400


def test_who_shows_a_key_gets_an_answer_of_their_own(bank: Any) -> None:
    Client().get("/catalogue/")
    assert Client().get("/catalogue/", headers={"authorization": "Key secret"}).context is not None


def test_a_message_is_shown_once_and_to_one_visitor(bank: Any, settings: Any) -> None:
    settings.BRIEFINGS_MAX_ENTRIES = 0
    visitor = Client()
    visitor.post(reverse("briefings:basket_add"), {"entry": "bank"})
    answer = visitor.get("/catalogue/")
    assert "holds at most 0 entries" in answer.text
    assert "ETag" not in answer.headers
    for other in (Client(), visitor):
        assert "holds at most" not in other.get("/catalogue/").text


def test_a_search_in_vain_counts_each_time_it_is_made(bank: Any) -> None:
    for _ in range(3):
        Client().get("/catalogue/?q=wallaroo")
    assert MissedSearch.objects.get().times == 3
    assert missed_searches().exists()


def test_a_page_that_is_no_public_page_costs_no_query_of_ours(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        Client().get(reverse("core:about"))


def test_an_answer_that_is_no_page_is_not_kept(bank: Any) -> None:
    for _ in range(2):
        assert Client().get("/impact/?period=never").context is not None


# Forms


def _posts() -> list[str]:
    return [
        reverse("briefings:basket_add"),
        reverse("briefings:basket_remove"),
        reverse("briefings:brief", args=["bank"]),
        reverse("briefings:basket_add_for_us", args=["bank"]),
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": "http://testserver"},
    ],
)
def test_a_form_of_ours_is_taken_without_a_token(bank: Any, headers: dict[str, str]) -> None:
    for address in _posts():
        answer = Client(enforce_csrf_checks=True).post(address, {"entry": "bank"}, headers=headers)
        assert answer.status_code == 302, address


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_a_form_of_another_site_is_refused(bank: Any, headers: dict[str, str]) -> None:
    for address in _posts():
        client = Client(enforce_csrf_checks=True)
        answer = client.post(address, {"entry": "bank"}, headers=headers)
        assert answer.status_code == 403, address
        assert not client.cookies


def test_every_other_form_still_needs_its_token(bank: Any) -> None:
    views = [view for view in _views(get_resolver()) if getattr(view, "csrf_exempt", False)]
    views = [view for view in views if not view.__module__.startswith(("wagtail", "drf_spectacular"))]
    # The editing tool's own addresses for its choosers check the token themselves, as sessions need one;
    # the upload of an import does once it has limited what it reads.
    # The API takes keys alone, which no browser sends by itself.
    api = [view for view in views if hasattr(view, "cls")]
    assert {tuple(view.cls.authentication_classes) for view in api} == {()}
    exempt = {view.__name__ for view in views if view not in api}
    from_pages = {"add_to_basket", "remove_from_basket", "make_brief", "add_for_us"}
    # Mail programs press these buttons for whoever asks them to, by the signed address in the mail.
    assert exempt == from_pages | {"stop_mail", "forget_address", "upload"}


def _views(resolver: URLResolver | URLPattern) -> list[Any]:
    if isinstance(resolver, URLPattern):
        return [resolver.callback]
    return [view for one in resolver.url_patterns for view in _views(one)]

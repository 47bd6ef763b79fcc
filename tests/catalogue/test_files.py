"""The same question as CSV, JSON and Atom, suggestions, 304, and what is recorded of a search in vain."""

import csv
import io
import json
import re
from datetime import datetime
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.catalogue.finding.missed import missed_searches
from portal.catalogue.models import MissedSearch, OtherName
from portal.catalogue.services import publish_entry, withdraw_entry
from portal.catalogue.sharing import forget_answers
from tests.factories import CaseStudyFactory, InnovationFactory, ThemeFactory, UserFactory

pytestmark = pytest.mark.django_db


def body(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def test_files_hold_what_the_page_finds_in_its_order_and_no_formula(client: Client) -> None:
    theme = ThemeFactory(slug="banks", name="Banks")
    InnovationFactory(published=True, title="=cmd()", themes=[theme])
    InnovationFactory(published=True, title="Also", themes=[theme], summary="Ünder £5.")
    CaseStudyFactory(published=True, title="Other theme")
    InnovationFactory(title="Draft", themes=[theme])
    rows = list(csv.DictReader(io.StringIO(body(client.get("/catalogue.csv?theme=banks")).removeprefix("\ufeff"))))
    assert [row["title"] for row in rows] == ["'=cmd()", "Also"]
    told = json.loads(body(client.get("/innovations.json?theme=banks&sort=newest&nonsense=1")))
    assert (told["total"], told["query"]) == (2, "theme=banks&sort=newest")
    assert {row["title"]: row["themes"] for row in told["entries"]} == {"=cmd()": ["Banks"], "Also": ["Banks"]}
    feed = body(client.get("/catalogue.atom?theme=banks"))
    assert "<title>Also</title>" in feed
    assert "Other theme" not in feed
    assert f'<link href="{settings.SITE_URL}/catalogue/?theme=banks" rel="alternate"' in feed
    assert json.loads(body(client.get("/case-studies.json")))["total"] == 1


def test_a_json_feed_tells_what_the_atom_feed_does(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.catalogue.files.IN_A_FEED", 2)
    for title in ("First", "Second", "Third"):
        InnovationFactory(published=True, title=title, summary="It helps.")
    answer = client.get("/innovations.feed.json?q=helps&sort=title")
    assert answer["Content-Type"] == "application/feed+json"
    feed = answer.json()
    assert (feed["version"], feed["home_page_url"], feed["feed_url"]) == (
        "https://jsonfeed.org/version/1.1",
        f"{settings.SITE_URL}/innovations/?q=helps&sort=title",
        f"{settings.SITE_URL}/innovations.feed.json?q=helps&sort=title",
    )
    assert [item["title"] for item in feed["items"]] == ["Third", "Second"]
    for item in feed["items"]:
        assert item["id"] == item["url"]
        assert item["content_text"] == "It helps."
        assert datetime.fromisoformat(item["date_published"]).tzinfo
    atom = ElementTree.fromstring(body(client.get("/innovations.atom?q=helps&sort=title")))  # noqa: S314 (ours)
    assert [title.text for title in atom.iter("{http://www.w3.org/2005/Atom}title")][1:] == ["Third", "Second"]
    page = client.get("/innovations/?q=helps&sort=title").text
    for media_type, address in (("atom+xml", "/innovations.atom"), ("feed+json", "/innovations.feed.json")):
        link = f'<link rel="alternate" type="application/{re.escape(media_type)}" title="[^"]+" href="([^"]+)">'
        assert unescape(re.findall(link, page)[0]) == f"{address}?q=helps&sort=title"


def test_json_comes_in_pages_that_lead_to_each_other(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.catalogue.files.IN_A_PAGE", 2)
    for title in "ABC":
        InnovationFactory(published=True, title=title)

    def page(address: str) -> dict[str, Any]:
        told: dict[str, Any] = client.get(address.removeprefix(settings.SITE_URL)).json()
        return told

    first = page("/innovations.json?sort=title&kind=nonsense")
    assert ([row["title"] for row in first["entries"]], first["total"], first["pages"]) == (["A", "B"], 3, 2)
    assert (first["previous"], first["next"]) == (None, f"{settings.SITE_URL}/innovations.json?page=2")
    last = page(first["next"])
    assert ([row["title"] for row in last["entries"]], last["next"]) == (["C"], None)
    assert page(last["previous"])["entries"] == first["entries"]
    assert "there is no page “9”" in page("/innovations.json?page=9")["ignored"][0]
    assert page("/case-studies.json")["entries"] == []


def test_suggestions_go_on_as_names_do(client: Client) -> None:
    InnovationFactory(published=True, title="Electronic rostering", other_names=["e-roster"])
    InnovationFactory(published=True, title="Passport", summary="Electronic.")
    InnovationFactory(title="Electronic draft")

    def suggested(words: str) -> list[str]:
        answer = client.get(reverse("catalogue:suggestions"), {"q": words})
        return [one["title"] for one in answer.json()["suggestions"]]

    assert suggested("elec") == suggested("electronic ro") == suggested("e-ros") == ["Electronic rostering"]
    assert suggested("e") == suggested("") == suggested('"*"') == suggested("xyz") == []


OUTPUTS = [
    "/catalogue/",
    "/catalogue/?q=wallaroo",
    "/catalogue/?q=walaroo",
    "/innovations/",
    "/catalogue.csv",
    "/catalogue.json",
    "/catalogue.atom",
    "/catalogue.feed.json",
    "/catalogue/suggestions/?q=walla",
    "/",
    "/themes/seen/",
    "/places/",
    "/compare/?entry=seen&entry=hidden",
    "/catalogue/?compare=seen&compare=hidden",
]


@pytest.mark.parametrize("how", ["draft", "edit", "withdrawn"])
def test_what_is_not_public_is_in_no_output_and_no_count(client: Client, how: str) -> None:
    theme = ThemeFactory(slug="seen")
    seen = InnovationFactory(published=True, title="Seen", slug="seen", themes=[theme])
    InnovationFactory(published=True, slug="like-it", title="Like it", themes=[theme])
    if how == "draft":
        InnovationFactory(title="Wallaroo", slug="hidden", themes=[theme])
    if how == "edit":
        draft = type(seen).objects.get(pk=seen.pk)
        draft.title = "Wallaroo"
        draft.other_names = [OtherName(name="Wallaroo")]
        draft.save_revision(clean=False)
    if how == "withdrawn":
        gone = InnovationFactory(published=True, title="Wallaroo", slug="hidden", themes=[theme])
        assert "Wallaroo" in body(client.get("/catalogue/"))
        withdraw_entry(entry=gone, by=UserFactory(), reason="Test")
    for address in [*OUTPUTS, "/innovations/like-it/"]:
        assert "Wallaroo" not in body(client.get(address)), address
    forget_answers()
    listing = client.get("/catalogue/").context["listing"]
    assert listing.page.total == 2
    assert {option.count for facet in listing.facets for option in facet.options} <= {0, 2}
    assert client.get("/catalogue/?q=walaroo").context["listing"].nearest is None


@pytest.mark.parametrize("address", [*OUTPUTS, "/innovations/seen/", "/innovations/seen/changes/"])
def test_what_is_asked_again_unchanged_is_not_made_again(
    client: Client, django_assert_num_queries: Any, address: str
) -> None:
    entry = InnovationFactory(published=True, title="Seen", slug="seen", themes=[ThemeFactory(slug="seen")])
    tag = client.get(address)["ETag"]
    with django_assert_num_queries(1):
        again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    entry = type(entry).objects.get(pk=entry.pk)
    entry.summary = "Another summary."
    publish_entry(entry=entry)
    changed = client.get(address, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_a_visitors_basket_changes_their_own_pages_alone(client: Client) -> None:
    entry = InnovationFactory(published=True)
    tag = client.get("/catalogue/")["ETag"]
    client.post(reverse("briefings:basket_add"), {"entry": entry.slug})
    client.get("/catalogue/")
    mine = client.get("/catalogue/", headers={"If-None-Match": tag})
    assert mine.status_code == 200
    assert Client().get("/catalogue/", headers={"If-None-Match": tag}).status_code == 304
    assert "private" in mine["Cache-Control"]
    assert "Cookie" in mine["Vary"]


# In vain


def test_nothing_found_says_what_the_filter_most_in_the_way_hides(client: Client) -> None:
    banks, roles = ThemeFactory(slug="banks", name="Banks"), ThemeFactory(slug="roles")
    InnovationFactory(published=True, title="Bank", themes=[banks])
    InnovationFactory.create_batch(4, published=True, themes=[roles], summary="Nurses.")
    listing = client.get("/catalogue/", {"q": "nurses", "theme": "banks"}).context["listing"]
    assert listing.page.total == 0
    assert (listing.offer.text, listing.offer.total, listing.offer.without) == ("Theme: Banks", 4, "?q=nurses")
    assert len(listing.offer.cards) == 3
    page = client.get("/catalogue/", {"q": "nurses", "theme": "banks"}).content.decode()
    assert "4 entries without Theme: Banks" in page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Quokka ward", ["quokka ward"]),
        ("quokka@example.org", []),
        ("quokka 07700 900123", []),
        ("943 476 5919 quokka", []),
        ("one two three four five six seven", []),
        ("x" * 150, []),
        ("Seen", []),
        ("%%%", []),
    ],
)
def test_words_that_found_nothing_are_counted_without_who_looked(client: Client, typed: str, kept: list[str]) -> None:
    InnovationFactory(published=True, title="Seen")
    for _ in range(2):
        client.get("/catalogue/", {"q": typed})
    assert [row.words for row in MissedSearch.objects.all()] == kept
    assert [(row.words, row.times) for row in missed_searches()] == [(words, 2) for words in kept]
    assert {field.name for field in MissedSearch._meta.fields} == {"id", "words", "month", "times"}


def test_a_page_is_answered_although_nothing_can_be_counted(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import DatabaseError

    def read_only(words: str) -> None:
        raise DatabaseError("attempt to write a readonly database")

    monkeypatch.setattr("portal.catalogue.finding.missed._count", read_only)
    assert client.get("/catalogue/", {"q": "quokka"}).status_code == 200

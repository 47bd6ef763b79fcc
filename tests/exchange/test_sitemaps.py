"""What search engines are told: every public page that stays, nothing else, at the same cost for many as for few."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.catalogue.services import withdraw_entry
from portal.catalogue.sharing import forget_answers
from portal.exchange.sitemaps import PAGES, SITEMAPS
from tests.exchange.api_scene import make_scene
from tests.factories import CaseStudyFactory, InnovationFactory, UserFactory

pytestmark = pytest.mark.django_db

XML = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(address: str) -> list[str]:
    answer = Client().get(address)
    assert answer["Content-Type"] == "application/xml"
    tree = ElementTree.fromstring(answer.content)  # noqa: S314 (our own answer)
    return [str(one.text) for one in tree.iter(f"{XML}loc")]


def own(address: str) -> str:
    assert address.startswith(f"{settings.SITE_URL}/")
    return address.removeprefix(settings.SITE_URL)


def test_the_sitemap_leads_to_every_public_page_and_to_no_other() -> None:
    make_scene()
    InnovationFactory(slug="draft")
    gone = CaseStudyFactory(published=True, slug="gone")
    withdraw_entry(entry=gone, by=UserFactory(), reason="Test")
    maps = locations("/sitemap.xml")
    assert [one.rpartition("/")[2] for one in maps] == [f"sitemap-{name}.xml" for name in SITEMAPS]
    found = [own(address) for name in SITEMAPS for address in locations(f"/sitemap-{name}.xml")]
    assert {"/innovations/app/", "/case-studies/bank/", "/themes/banks/", "/measures/hours-released/"} < set(found)
    assert "/organisations/RQM/" in found
    assert not {"/innovations/draft/", "/case-studies/gone/"} & set(found)
    assert len(found) == len(set(found)) >= len(PAGES) + 2
    for address in found:
        assert Client().get(address).status_code == 200, address
    assert Client().get("/sitemap-nonsense.xml").status_code == 404


def test_a_large_catalogue_has_several_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        InnovationFactory(published=True, slug=f"i{number}")
    monkeypatch.setattr(SITEMAPS["entries"], "limit", 2)
    pages = [address for address in locations("/sitemap.xml") if "entries" in address]
    assert [address.partition("?")[2] for address in pages] == ["", "p=2"]
    assert [own(one) for one in locations("/sitemap-entries.xml?p=2")] == ["/innovations/i2/"]


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemap-entries.xml", "/robots.txt"])
def test_it_costs_the_same_for_many_and_is_told_unchanged(client: Client, address: str) -> None:
    InnovationFactory(published=True)

    def cost() -> int:
        forget_answers()
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    few = cost()
    for _ in range(3):
        InnovationFactory(published=True)
    assert cost() == few <= 12
    tag: Any = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304


def test_robots_are_told_where_the_sitemap_is_and_what_not_to_walk(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /editing/", "Disallow: /packs/", "Disallow: /innovations/?"} < set(lines)
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines

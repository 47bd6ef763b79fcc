"""The frame around every page, the pages about the portal, and the answers to what is not there."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import InnovationFactory, ThemeFactory, add_figure

PAGES = ["core:about", "core:accessibility", "core:privacy", "core:components", "catalogue:home", "briefings:basket"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_shown_under_a_strict_policy(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b'lang="en-GB"' in answer.content
    assert b"style=" not in answer.content


def test_the_gallery_shows_an_entrys_range_and_why_there_is_none(client: Client) -> None:
    page = client.get(reverse("core:components")).content.decode()

    assert "How many ward patients?" in page
    assert "We won’t guess." in page
    assert "Only one site says for how many people its observed benefit was." in page


def test_the_gallery_shows_changes_by_more_than_colour_and_that_nothing_differs(client: Client) -> None:
    page = client.get(reverse("core:components")).content.decode()

    assert '<ins><span class="app-changes__said">[put in: </span>about 15<' in page
    assert '<del><span class="app-changes__said">[taken out: </span>20<' in page
    assert "Nothing differs." in page


@pytest.mark.django_db
def test_home_counts_what_is_published(client: Client) -> None:
    theme = ThemeFactory(name="Banks")
    add_figure(InnovationFactory(published=True, title="Best", themes=[theme]))
    InnovationFactory(title="Draft", themes=[theme])
    answer = client.get("/")
    assert answer.context["counts"] == {"innovation": 1}
    assert [(row.name, row.public_entries) for row in answer.context["themes"]] == [("Banks", 1)]
    assert [card.title for card in answer.context["cards"]] == ["Best"]


@pytest.mark.django_db
@pytest.mark.parametrize("how_many", [1, 10])
def test_home_costs_the_same_for_one_entry_as_for_ten(
    client: Client, django_assert_num_queries: Any, how_many: int
) -> None:
    for _ in range(how_many):
        add_figure(InnovationFactory(published=True, themes=[ThemeFactory()]), published=False)
    with django_assert_num_queries(22):
        client.get("/")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/nowhere/", "/innovations/nothing/", "/organisations/x y/", "/packs/none/"])
def test_an_unknown_address_is_a_proper_page(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert b"Page not found" in answer.content
    assert b"Search the catalogue" in answer.content


def test_a_form_without_its_token_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("briefings:basket_clear"))
    assert answer.status_code == 403
    assert b"This form has expired" in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["catalogue:home", "catalogue:list", "evidence:list"])
def test_a_page_that_only_shows_refuses_a_post(client: Client, name: str) -> None:
    assert client.post(reverse(name)).status_code == 405


@pytest.mark.django_db
def test_security_txt_tells_the_operators_contact_for_less_than_a_year(client: Client, settings: Any) -> None:
    address = "/.well-known/security.txt"
    assert client.get(address).status_code == 404
    settings.SECURITY_CONTACT, settings.SITE_URL = "mailto:security@example.nhs.uk", "https://portal.example.nhs.uk"
    settings.SECURITY_POLICY = "https://example.nhs.uk/disclosure"
    answer = client.get(address)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    told = dict(line.split(": ", 1) for line in answer.text.splitlines())
    good_for = datetime.fromisoformat(told.pop("Expires")) - timezone.now()
    assert timedelta(days=30) < good_for < timedelta(days=365)
    assert told == {
        "Contact": "mailto:security@example.nhs.uk",
        "Preferred-Languages": "en",
        "Canonical": "https://portal.example.nhs.uk/.well-known/security.txt",
        "Policy": "https://example.nhs.uk/disclosure",
    }

"""A theme's page: what belongs there, what it adds up to and its first entries."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import CountryFactory, InnovationFactory, ThemeFactory, add_figure

pytestmark = pytest.mark.django_db


def page_of(client: Client, theme: Any) -> str:
    answer = client.get(reverse("catalogue:theme", args=[theme.slug]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_it_says_what_belongs_there_and_shows_its_entries_but_no_draft(client: Client) -> None:
    theme = ThemeFactory(name="Connected staff banks", definition="Employers share a pool of staff.")
    InnovationFactory(published=True, title="Shared bank", themes=[theme])
    InnovationFactory(title="Draft bank", themes=[theme])
    InnovationFactory(published=True, title="Something else", themes=[ThemeFactory()])
    page = page_of(client, theme)
    assert "Employers share a pool of staff." in page
    assert "Shared bank" in page
    assert "Draft bank" not in page
    assert "Something else" not in page


def test_it_shows_the_first_five_and_leads_to_all_of_them(client: Client) -> None:
    theme = ThemeFactory(slug="banks")
    for name in "gfedcba":
        InnovationFactory(published=True, title=f"Bank {name}", themes=[theme])
    answer = client.get(reverse("catalogue:theme", args=["banks"]))
    assert [card.title for card in answer.context["cards"]] == [f"Bank {name}" for name in "abcde"]
    assert f'href="{reverse("catalogue:list")}?theme=banks">See all 7 in the catalogue' in answer.content.decode()


def test_it_shows_what_its_entries_add_up_to(client: Client) -> None:
    theme = ThemeFactory()
    england = CountryFactory(code="ENG", name="England")
    add_figure(InnovationFactory(published=True, themes=[theme]), place=england, qualifier="more_than")
    assert "At least 1,250 hours" in page_of(client, theme)


def test_a_theme_without_entries_says_so_and_shows_no_total(client: Client) -> None:
    page = page_of(client, ThemeFactory())
    assert "No entry has been published under this theme yet" in page
    assert "What the figures add up to" not in page


def test_an_unknown_theme_is_a_proper_not_found_page(client: Client) -> None:
    assert client.get(reverse("catalogue:theme", args=["nonsense"])).status_code == 404


@pytest.mark.parametrize("how_many", [1, 20])
def test_it_costs_the_same_for_one_entry_as_for_twenty(
    client: Client, django_assert_num_queries: Any, how_many: int
) -> None:
    theme = ThemeFactory()
    england = CountryFactory(code="ENG", name="England")
    for _ in range(how_many):
        add_figure(InnovationFactory(published=True, themes=[theme]), place=england, published=False)
    with django_assert_num_queries(35):
        client.get(reverse("catalogue:theme", args=[theme.slug]))

"""The basket: what a visitor has chosen, by plain forms, in the session and with the account."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from portal.catalogue.models import Entry
from tests.factories import InnovationFactory, UserFactory

pytestmark = pytest.mark.django_db
BASKET = "/packs/basket/"


def post(client, name, **fields):
    return client.post(reverse(f"briefings:{name}"), fields)


def slugs_in(client):
    return client.get(BASKET).context["basket_slugs"]


@pytest.fixture
def three(client):
    """Three published entries in the basket; their slugs."""
    slugs = [InnovationFactory(published=True).slug for _ in range(3)]
    post(client, "basket_add", entry=slugs)
    return slugs


def test_an_entry_is_added_once(client):
    slug = InnovationFactory(published=True).slug
    post(client, "basket_add", entry=slug)
    post(client, "basket_add", entry=slug)
    assert slugs_in(client) == [slug]


@pytest.mark.parametrize(
    ("which", "direction", "order"),
    [
        (1, "up", [1, 0, 2]),
        (1, "down", [0, 2, 1]),
        (0, "up", [0, 1, 2]),
        (2, "down", [0, 1, 2]),
        (1, "aside", [0, 1, 2]),
    ],
)
def test_an_entry_moves_one_place_and_stops_at_the_ends(client, three, which, direction, order):
    post(client, "basket_move", entry=three[which], direction=direction)
    assert slugs_in(client) == [three[place] for place in order]


def test_an_entry_is_removed(client, three):
    post(client, "basket_remove", entry=three[1])
    assert slugs_in(client) == [three[0], three[2]]


def test_the_basket_is_emptied(client, three):
    post(client, "basket_clear")
    assert slugs_in(client) == []


# --- with an account ------------------------------------------------------------------------


def test_the_basket_survives_signing_in(client, three):
    client.force_login(UserFactory())
    assert slugs_in(client) == three


def test_the_basket_is_found_again_after_signing_out_and_on_another_device(client, three):
    person, other = UserFactory(), Client()
    client.force_login(person)
    post(client, "basket_move", entry=three[2], direction="up")
    client.logout()
    assert slugs_in(client) == []
    other.force_login(person)
    client.force_login(person)
    assert slugs_in(client) == slugs_in(other) == [three[0], three[2], three[1]]


def test_two_devices_do_not_undo_each_others_changes(client, three):
    person, other, slug = UserFactory(), Client(), InnovationFactory(published=True).slug
    client.force_login(person)
    other.force_login(person)
    post(client, "basket_remove", entry=three[0])
    post(other, "basket_add", entry=slug)
    assert slugs_in(client) == slugs_in(other) == [*three[1:], slug]


def test_who_signs_in_with_more_than_a_pack_holds_keeps_what_was_chosen_last(client, three, settings):
    person, other, slug = UserFactory(), Client(), InnovationFactory(published=True).slug
    client.force_login(person)
    settings.BRIEFINGS_MAX_ENTRIES = 3
    post(other, "basket_add", entry=slug)
    other.force_login(person)
    assert slugs_in(other) == [*three[1:], slug]


def test_nobody_finds_another_persons_basket(client, three):
    client.force_login(UserFactory())
    other = Client()
    other.force_login(UserFactory())
    assert slugs_in(other) == []


# --- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["basket_add", "basket_remove", "basket_move", "basket_clear"])
def test_the_basket_changes_only_by_post(client, name):
    assert client.get(reverse(f"briefings:{name}")).status_code == 405


def test_a_draft_and_an_unknown_entry_can_not_be_added(client):
    draft = InnovationFactory()
    answers = [post(client, "basket_add", entry=slug).status_code for slug in (draft.slug, "no-such-entry", "")]
    assert answers == [404, 404, 404]
    assert slugs_in(client) == []


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/catalogue/?q=rota", "/catalogue/?q=rota"),
        ("https://example.org/", BASKET),
        ("//example.org/", BASKET),
        ("javascript:alert(1)", BASKET),
        ("", BASKET),
    ],
)
def test_a_button_leads_back_only_to_our_own_pages(client, wanted, goes_to):
    slug = InnovationFactory(published=True).slug
    assert post(client, "basket_add", entry=slug, next=wanted)["Location"] == goes_to


def test_one_entry_more_than_the_cap_is_refused_naming_the_cap(client, three, settings):
    settings.BRIEFINGS_MAX_ENTRIES = 3
    answer = client.post(
        reverse("briefings:basket_add"), {"entry": InnovationFactory(published=True).slug}, follow=True
    )
    assert "A briefing pack holds at most 3 entries. You chose 4." in answer.text
    assert slugs_in(client) == three


def test_an_entry_since_withdrawn_is_shown_as_left_out(client, three):
    Entry.objects.get(slug=three[1]).unpublish(log_action=False)
    page = client.get(BASKET)
    assert [entry.slug for entry in page.context["entries"]] == [three[0], three[2]]
    assert page.context["unpublished"] == [three[1]]
    assert "will be left out" in page.text


def test_a_visitor_without_a_session_costs_no_query_and_gets_no_cookie(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get(reverse("core:about"))
    assert page.context["basket_count"] == 0
    assert page.cookies == {}
    assert not Session.objects.exists()


def test_an_empty_basket_says_what_to_do(client):
    page = client.get(BASKET)
    assert "Your basket is empty" in page.text
    assert "Make the briefing pack" not in page.text
    assert page["Cache-Control"] == "private, no-store"

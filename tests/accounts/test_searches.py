"""Searches that people keep, the mail about them, and the organisation that pages offer first."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts import searches
from portal.accounts.models import SavedSearch, User, WaitingMail
from portal.catalogue.models import EntryChange
from portal.organisations.models import Membership
from tests.factories import IcbFactory, InnovationFactory, SavedSearchFactory, TrustFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(day: int, hour: int) -> datetime:
    """An hour of a day in January 2026, whose 5th is a Monday."""
    return timezone.make_aware(datetime(2026, 1, day, hour))  # noqa: DTZ001


def publish(title: str, when: datetime, *, version: int = 1, **fields: Any) -> Any:
    entry = InnovationFactory(published=True, title=title, **fields)
    rows = QuerySet(EntryChange)  # past what keeps rows as they are
    rows.filter(entry=entry).delete()
    EntryChange(entry=entry, at=when, action="published", origin="screen", version=version, title=title).save()
    type(entry).objects.filter(pk=entry.pk).update(first_published_at=when if version == 1 else at(1, 0))
    return entry


def test_a_list_offers_to_keep_its_search_and_the_account_lists_it(client: Client) -> None:
    InnovationFactory(published=True, title="Night rota app")
    page = client.get("/innovations/?q=rota&page=1").content.decode()
    assert "/account/searches/keep/?list=/innovations/&amp;query=q%3Drota" in page
    in_vain = client.get("/innovations/?q=sundial").content.decode()
    assert "/account/searches/keep/?list=/innovations/&amp;query=q%3Dsundial" in in_vain
    keep = "/account/searches/keep/?list=/innovations/&query=q%3Drota%26page%3D2%26nonsense%3D1"
    assert 'value="rota"' in client.get(keep).content.decode()
    client.post(keep, {"name": "Rotas", "digest": "daily"})
    search = SavedSearch.objects.get()
    assert (search.address, search.digest) == ("/innovations/?q=rota", "daily")
    assert "Rotas" in client.get("/account/").content.decode()
    assert "You already keep a search named" in client.post(keep, {"name": "Rotas", "digest": "daily"}).content.decode()
    change = reverse("accounts:change_search", args=[search.pk])
    client.post(change, {"name": "Night rotas", "digest": "weekly"})
    search.refresh_from_db()
    assert (search.name, search.digest) == ("Night rotas", "weekly")
    client.post(reverse("accounts:delete_search", args=[search.pk]))
    assert not SavedSearch.objects.exists()


def test_other_pages_and_other_peoples_searches_are_refused(client: Client) -> None:
    for path in ("/editing/", "https://elsewhere.example/", ""):
        answer = client.post(f"/account/searches/keep/?list={path}", {"name": "x", "digest": "never"})
        assert answer.status_code == 400
    others = SavedSearchFactory()
    for name in ("change_search", "delete_search"):
        answer = client.post(reverse(f"accounts:{name}", args=[others.pk]), {"name": "mine", "digest": "never"})
        assert answer.status_code == 404
    assert [search.name for search in SavedSearch.objects.all()] == [others.name]


def test_the_mail_tells_what_is_new_and_what_changed_once_and_to_its_owner_alone(person: User) -> None:
    publish("Old rota app", at(4, 9))
    new, changed = publish("New rota app", at(5, 9)), publish("Changed rota app", at(5, 9), version=2)
    publish("Something else", at(5, 9))
    for digest in ("daily", "weekly", "never"):
        SavedSearchFactory(user=person, name=digest, query_string="q=rota", digest=digest, told_until=at(5, 8))
    assert searches.send_due(now=at(5, 20)) == 0
    assert searches.send_due(now=at(6, 6)) == 0
    assert [searches.send_due(now=at(6, hour)) for hour in (8, 9)] == [1, 0]
    waiting = WaitingMail.objects.get()
    assert waiting.to == person.email
    assert f"- New: {new.title}" in waiting.text
    assert f"- Changed: {changed.title}" in waiting.text
    assert "Old rota app" not in waiting.text
    assert "Something else" not in waiting.text
    assert "daily" in waiting.text
    assert "weekly" not in waiting.text
    assert searches.send_due(now=at(7, 8)) == 0, "Nothing is new since yesterday."
    assert searches.send_due(now=at(12, 8)) == 1
    assert WaitingMail.objects.count() == 2


def test_a_mail_is_not_told_to_those_who_are_gone(person: User) -> None:
    publish("New rota app", at(5, 9))
    SavedSearchFactory(user=person, query_string="q=rota", digest="daily", told_until=at(5, 8))
    User.objects.update(is_active=False)
    assert searches.send_due(now=at(6, 8)) == 0


def test_the_mails_end_with_one_press_or_one_click_of_the_mail_program(person: User, sent: Any) -> None:
    publish("New rota app", at(5, 9))
    SavedSearchFactory(user=person, query_string="q=rota", digest="daily", told_until=at(5, 8))
    searches.send_due(now=at(6, 8))
    (message,) = sent()
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = urlsplit(message.extra_headers["List-Unsubscribe"].strip("<>")).path
    assert link in mail.outbox[0].body
    strict = Client(enforce_csrf_checks=True)
    assert "Stop these e-mails" in strict.get(link).content.decode()
    assert SavedSearch.objects.get().digest == "daily"
    assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert SavedSearch.objects.get().digest == "never"
    assert strict.get(link[:-2] + "x/").status_code == 404


@pytest.mark.parametrize("how_many", [1, 6])
def test_one_search_is_asked_at_the_same_cost_whatever_was_published(
    person: User, how_many: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(how_many):
        publish(f"Rota app {number}", at(5, 9))
    search = SavedSearchFactory(user=person, query_string="q=rota", digest="daily")
    searches.news_of(search, since=at(5, 8))
    with django_assert_max_num_queries(4):
        assert len(searches.news_of(search, since=at(5, 8)).new) == how_many


# --- my organisation ----------------------------------------------------------------------------


def test_pages_offer_my_organisation_first_and_strangers_none(client: Client) -> None:
    board, trust = IcbFactory(name="Wessex Board"), TrustFactory(name="Wessex Trust")
    Membership.objects.create(organisation=trust, within=board)
    InnovationFactory(published=True)
    client.post(reverse("accounts:details"), {"first_name": "Rosa", "organisation": trust.pk})
    pages = ("/adoption/", "/organisations/", "/account/")
    for page in pages:
        assert "Wessex Trust" in client.get(page).content.decode(), page
    assert f"?place={board.code}" in client.get("/adoption/").content.decode()
    again = Client()
    again.force_login(User.objects.get())
    assert "Wessex Trust" in again.get("/account/").content.decode()
    for page in pages[:2]:
        stranger = Client()
        assert "You are of" not in stranger.get(page).content.decode(), page
        assert "You are of" not in stranger.get(page).content.decode(), "The shared answer."
    client.post(reverse("accounts:details"), {"first_name": "Rosa", "organisation": ""})
    assert "You are of" not in client.get("/adoption/").content.decode()

"""The e-mail that says which figures moved in one's packs."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User, WaitingMail
from portal.briefings import news, services
from portal.briefings.models import BriefingPack, PackHolder
from portal.briefings.visitors import key_of_person
from portal.catalogue.models import Entry
from tests.briefings.samples import change_figure, make_ready, queue_pack
from tests.factories import InnovationFactory, UserFactory, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    person: User = UserFactory(username="rosa", email="rosa@example.nhs.uk")
    return person


@pytest.fixture
def pack(rota: Entry, person: User) -> BriefingPack:
    return make_ready(queue_pack(rota, title="Rotas for the board", by=key_of_person(person)))


def morning(days: int = 1) -> datetime:
    """Eight o'clock, so many days from now."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=days), time(8)))


def mails() -> list[Any]:
    return list(WaitingMail.objects.order_by("pk"))


def test_who_asked_for_a_pack_is_told_the_next_morning_which_figures_moved_once(
    rota: Entry, pack: BriefingPack, person: User
) -> None:
    assert news.tell_due(now=morning()) == 0, "Nothing was published since."
    change_figure(rota, 14)
    assert news.tell_due(now=timezone.now()) == 0, "They knew of it until now: told at most once a day."
    assert [news.tell_due(now=morning() + timedelta(hours=hour)) for hour in (0, 1, 24)] == [1, 0, 0]
    (mail,) = mails()
    assert mail.to == person.email
    assert f"Rotas for the board (briefing pack {pack.number}, content of " in mail.text
    assert pack.get_absolute_url() in mail.text
    assert "- Rota\n  Hours saved (Place not stated, 2023/24): 12 hours before, 14 hours now\n" in mail.text
    assert "&" not in mail.text


def test_a_withdrawn_entry_is_told_of(rota: Entry, pack: BriefingPack) -> None:
    Entry.objects.get(pk=rota.pk).unpublish(log_action=False)
    news.tell_due(now=morning())
    assert "- Rota: no longer published" in mails()[0].text


def test_a_publication_that_moves_nothing_in_the_pack_is_no_news(rota: Entry, pack: BriefingPack) -> None:
    publish(Entry.objects.get(pk=rota.pk).specific)
    publish(InnovationFactory(title="Something else"))
    assert news.tell_due(now=morning()) == 0


def test_of_several_packs_there_is_one_mail_and_of_several_issues_the_newest_is_told(
    rota: Entry, pack: BriefingPack, person: User
) -> None:
    change_figure(rota, 14)
    second = make_ready(services.ask_for_next_issue(pack=pack, by=key_of_person(person)))
    make_ready(queue_pack(rota, title="Rotas again", by=key_of_person(person)))
    change_figure(rota, 16)
    assert news.tell_due(now=morning()) == 1
    (mail,) = mails()
    assert "12 hours" not in mail.text
    assert f"briefing pack {second.number}" in mail.text
    assert mail.text.count("14 hours before, 16 hours now") == 2


@pytest.mark.parametrize(
    "fields",
    [{"wants_pack_mail": False}, {"is_active": False}, {"email": ""}],
    ids=["unwanted", "closed", "no address"],
)
def test_who_wants_none_or_is_gone_is_not_told_and_not_asked_again(
    rota: Entry, pack: BriefingPack, person: User, fields: dict[str, Any]
) -> None:
    change_figure(rota, 14)
    User.objects.filter(pk=person.pk).update(**fields)
    assert news.tell_due(now=morning()) == 0
    User.objects.filter(pk=person.pk).update(wants_pack_mail=True, is_active=True, email="rosa@example.nhs.uk")
    assert news.tell_due(now=morning(2)) == 0


def test_browsers_without_an_account_and_packs_past_their_keeping_have_none(rota: Entry, pack: BriefingPack) -> None:
    change_figure(rota, 14)
    BriefingPack.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    assert news.tell_due(now=morning()) == 0
    BriefingPack.objects.update(expires_at=morning(30))
    PackHolder.objects.update(key="a-browser-of-no-account")
    assert news.tell_due(now=morning()) == 0


def test_one_rings_mails_are_few_and_the_next_goes_on(
    rota: Entry, pack: BriefingPack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "PEOPLE_AT_ONCE", 2)
    for _ in range(3):
        PackHolder.objects.create(pack=pack, key=key_of_person(UserFactory(email="other@example.nhs.uk")))
    change_figure(rota, 14)
    assert [news.tell_due(now=morning()) for _ in range(3)] == [2, 2, 0]


def test_it_ends_with_one_press_and_is_had_again_from_the_account(
    rota: Entry, pack: BriefingPack, person: User
) -> None:
    change_figure(rota, 14)
    news.tell_due(now=morning())
    (mail,) = mails()
    link = urlsplit(mail.headers["List-Unsubscribe"].strip("<>")).path
    assert link in mail.text
    strict = Client(enforce_csrf_checks=True)
    assert "Stop these e-mails" in strict.get(link).text
    assert User.objects.get(pk=person.pk).wants_pack_mail
    assert "They are stopped" in strict.post(link, {"List-Unsubscribe": "One-Click"}).text
    assert not User.objects.get(pk=person.pk).wants_pack_mail
    assert strict.post(link.replace("packs", "searches")).status_code == 404, "A link ends one kind alone."

    mine = Client()
    mine.force_login(person)
    assert "You get no e-mails about them" in mine.get(reverse("briefings:mine")).text
    assert "wants_digest" not in mine.get(reverse("accounts:details")).text, "Who has no role has no week."
    mine.post(reverse("accounts:details"), {"first_name": "Rosa", "wants_pack_mail": "on"})
    assert User.objects.get(pk=person.pk).wants_pack_mail
    assert User.objects.get(pk=person.pk).wants_digest, "What was not asked stays."

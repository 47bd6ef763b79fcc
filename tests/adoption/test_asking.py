"""Asking organisations what is still in use: whom, when, by a link that works once and that scanners can't use up."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.adoption import asking
from portal.adoption.contacts import KEPT_AFTER, ConsentRefused, forget, forget_lapsed, write_down_consent
from portal.adoption.models import AdoptionRecord, ConfirmationLink, Contact, ForgottenAddress, Reply
from portal.adoption.querysets import CONSENT_HOLDS
from portal.adoption.tasks import keep_adoption_true
from portal.catalogue.models import CatalogueVersion
from tests.factories import (
    AdoptionRecordFactory,
    ConfirmationPeriodFactory,
    ContactFactory,
    InnovationFactory,
    SuccessionFactory,
    TrustFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def days_ago(days: int) -> str:
    return (timezone.localdate() - timedelta(days=days)).isoformat()


@pytest.fixture
def contact() -> Contact:
    """A contact of a trust that uses one thing, said 360 days ago, and pilots another."""
    contact = ContactFactory(organisation=TrustFactory(name="Asked Trust"))
    for title, stage in (("Night rota app", "adopted"), ("Shift finder", "piloting")):
        AdoptionRecordFactory(
            entry=InnovationFactory(published=True, title=title),
            organisation=contact.organisation,
            stage=stage,
            on=days_ago(360),
        )
    return contact


@pytest.fixture
def link(contact: Contact) -> str:
    return reverse("adoption:confirm", args=[asking.make_link(contact, now=timezone.now())])


def words_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def record_of(title: str) -> AdoptionRecord:
    record = AdoptionRecord.objects.filter(entry__title=title).latest("pk")
    assert isinstance(record, AdoptionRecord)
    return record


def answers(**by_title: str) -> dict[str, str]:
    """Return the form as a contact sends it."""
    form = {}
    for title, answer in by_title.items():
        record = record_of(title.replace("_", " "))
        form |= {f"answer-{record.entry_id}": answer, f"was-{record.entry_id}": str(record.pk)}
    return form


def state() -> list[Any]:
    rows = list(AdoptionRecord.objects.order_by("pk").values()), list(Reply.objects.values())
    return [*rows, list(ConfirmationLink.objects.values()), list(Contact.objects.values())]


def test_who_will_soon_be_unconfirmed_is_asked_once_in_plain_words(contact: Contact) -> None:
    assert asking.ask_due(now=timezone.now()) == 1
    assert asking.ask_due(now=timezone.now()) == 0
    (message,) = mail.outbox
    assert message.to == [contact.email]
    assert "- Night rota app: adopted" in message.body
    assert "/adoption/confirm/" in message.body
    assert "You need no account" in message.body


def test_who_was_heard_of_lately_is_left_alone() -> None:
    contact = ContactFactory()
    AdoptionRecordFactory(
        entry=InnovationFactory(published=True), organisation=contact.organisation, stage="adopted", on=days_ago(100)
    )
    stopped = ContactFactory()
    AdoptionRecordFactory(
        entry=InnovationFactory(published=True),
        organisation=stopped.organisation,
        stage="stopped",
        stop_reason="cost",
        on=days_ago(900),
    )
    assert asking.ask_due(now=timezone.now()) == 0


def test_two_reminders_follow_and_then_there_is_quiet(contact: Contact) -> None:
    now = timezone.now()
    asked = [asking.ask_due(now=now + timedelta(days=days)) for days in (0, 7, 15, 30, 45, 60, 120)]
    assert asked == [1, 0, 1, 1, 0, 0, 0]
    assert "We asked you this two weeks ago" in mail.outbox[1].body
    assert asking.ask_due(now=now + timedelta(days=30 + 181)) == 1


def test_a_mail_that_was_not_sent_is_tried_again(contact: Contact, monkeypatch: Any) -> None:
    def fail(self: Any) -> int:
        raise ConnectionRefusedError("no mail server")

    with monkeypatch.context() as broken:
        broken.setattr("portal.adoption.asking.EmailMessage.send", fail)
        assert asking.ask_due(now=timezone.now()) == 0
    assert asking.ask_due(now=timezone.now()) == 1


def test_opening_the_link_changes_nothing_however_often(client: Client, link: str) -> None:
    before = state()
    for method in ("get", "head", "get", "get"):
        answer = getattr(client, method)(link)
        assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert state() == before


def test_still_so_is_on_record_from_today_and_ends_the_doubt(client: Client, link: str, contact: Contact) -> None:
    answer = client.post(link, answers(Night_rota_app="still"))
    assert "1 answer for Asked Trust is on record from today" in words_of(answer)
    record = record_of("Night rota app")
    assert (record.stage, record.on, record.said_by) == ("adopted", days_ago(0), "The organisation’s contact")
    assert contact.email not in words_of(client.get(contact.organisation.get_absolute_url()))


def test_the_link_can_be_answered_once(client: Client, link: str) -> None:
    client.post(link, answers(Night_rota_app="still"))
    before = state()
    for answer in (client.get(link), client.post(link, answers(Shift_finder="still"))):
        assert answer.status_code == 410
        assert "This link was answered already" in words_of(answer)
    assert state() == before


def test_a_change_and_a_stop_are_taken_with_stage_and_reason(client: Client, link: str) -> None:
    form = answers(Night_rota_app="stopped", Shift_finder="changed")
    night, shift = record_of("Night rota app").entry_id, record_of("Shift finder").entry_id
    client.post(
        link, form | {f"reason-{night}": "licence_cost", f"stage-{shift}": "adopted", f"note-{shift}": "All wards"}
    )
    stopped, changed = record_of("Night rota app"), record_of("Shift finder")
    assert (stopped.stage, stopped.stop_reason) == ("stopped", "licence_cost")
    assert (changed.stage, changed.note) == ("adopted", "All wards")


def test_what_contradicts_a_verified_record_waits(client: Client, link: str) -> None:
    verified = record_of("Night rota app")
    AdoptionRecord.objects.filter(pk=verified.pk).update(verified_by=UserFactory(), verified_at=timezone.now())
    answer = client.post(link, answers(Night_rota_app="stopped") | {f"reason-{verified.entry_id}": "cost"})
    assert "1 answer says something else than a verified record" in words_of(answer)
    assert record_of("Night rota app") == verified
    (reply,) = Reply.objects.waiting()
    assert (reply.contradicts, reply.stage, reply.record) == (verified, "stopped", None)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "Answer for one of them at least."),
        ({"answer": "maybe"}, "Night rota app: choose one of the answers."),
        ({"answer": "changed"}, "Night rota app: say what it changed to."),
        ({"answer": "changed", "stage": "dreaming"}, "Night rota app: say what it changed to."),
        ({"answer": "stopped"}, "Night rota app: say why it stopped"),
        ({"answer": "still", "was": "0"}, "what is recorded has changed since you opened this page"),
        ({"answer": "still", "note": "x" * 501}, "the note is longer than 500 characters"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_said_and_nothing_is_saved(
    client: Client, link: str, change: dict[str, str], says: str
) -> None:
    record = record_of("Night rota app")
    form = {f"was-{record.entry_id}": str(record.pk)} | {
        f"{name}-{record.entry_id}": text for name, text in change.items()
    }
    before = state()
    answer = client.post(link, form)
    assert answer.status_code == 400
    assert says in words_of(answer)
    assert state() == before
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("alter", [lambda link: link[:-2] + "/", lambda link: link.replace("confirm/", "confirm/x")])
def test_an_altered_link_is_unknown(client: Client, link: str, alter: Any) -> None:
    for answer in (client.get(alter(link)), client.post(alter(link), answers(Night_rota_app="still"))):
        assert answer.status_code == 404
        assert "This link does not work" in words_of(answer)


def test_an_expired_or_replaced_link_says_so_and_is_forgotten_later(
    client: Client, link: str, contact: Contact
) -> None:
    newer = reverse("adoption:confirm", args=[asking.make_link(contact, now=timezone.now())])
    assert "This link has expired" in words_of(client.get(link))
    assert client.post(link, answers(Night_rota_app="still")).status_code == 410
    assert client.get(newer).status_code == 200
    assert asking.forget_old_links(now=timezone.now() + timedelta(days=31)) == 1


def test_a_link_is_for_one_organisation_and_no_secret_of_it_is_kept(client: Client, link: str) -> None:
    other = AdoptionRecordFactory(entry=InnovationFactory(published=True, title="Elsewhere"), on=days_ago(10))
    assert "Elsewhere" not in words_of(client.get(link))
    form = {f"answer-{other.entry_id}": "stopped", f"was-{other.entry_id}": str(other.pk)}
    assert client.post(link, form | {f"reason-{other.entry_id}": "cost"}).status_code == 400
    token = link.rstrip("/").rsplit("/", 1)[1]
    assert all(token not in str(row) for row in ConfirmationLink.objects.values())


def test_nobody_is_asked_without_a_consent_that_holds(contact: Contact) -> None:
    now = timezone.now()
    Contact.objects.update(consent_by="", consent_on=None, consent_for="")
    assert asking.ask_due(now=now) == 0
    lapsed = timezone.localdate(now) - CONSENT_HOLDS
    Contact.objects.update(consent_by="Head of e-rostering", consent_on=lapsed, consent_for="adoption")
    assert asking.ask_due(now=now) == 0
    assert mail.outbox == []
    Contact.objects.update(consent_on=lapsed + timedelta(days=1))
    assert asking.ask_due(now=now) == 1
    assert "by Head of e-rostering" in mail.outbox[0].body


@pytest.mark.parametrize("missing", ["consent_by", "consent_on", "consent_for"])
def test_the_database_takes_a_whole_consent_or_none(contact: Contact, missing: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.update(**{missing: None if missing == "consent_on" else ""})


def forget_link(message: Any) -> str:
    (link,) = re.findall(r"https?://[^/\s]+(/adoption/forget/\S+)", message.body)
    assert link in message.extra_headers["List-Unsubscribe"]
    return str(link)


def test_an_address_that_is_not_the_one_to_ask_is_forgotten(client: Client, contact: Contact) -> None:
    """Also after the question was answered, and for every organisation that it was kept for."""
    asking.ask_due(now=timezone.now())
    ContactFactory(email=contact.email.upper())
    link = forget_link(mail.outbox[0])
    question = re.search(r"/adoption/confirm/\S+", mail.outbox[0].body)
    assert question
    client.post(question[0], answers(Night_rota_app="still"))
    (shown,) = re.findall(r'href="(/adoption/forget/[^"]+)"', words_of(client.get(question[0])))
    assert shown.split(":")[0] == link.split(":")[0]  # of the same address, signed at another time
    for one in (shown, link, link):  # programs that look through mail open it too
        assert "Have your address forgotten?" in words_of(client.get(one))
    assert Contact.objects.count() == 2
    assert "We have forgotten this address" in words_of(client.post(link))
    assert not Contact.objects.exists()
    assert client.get(question[0]).status_code == 404
    assert "We have forgotten this address" in words_of(client.get(link))
    assert client.get(link.replace("/forget/", "/forget/x")).status_code == 404
    assert contact.email not in str(list(ForgottenAddress.objects.values()))


def test_the_mail_programs_own_button_forgets_the_address(contact: Contact) -> None:
    asking.ask_due(now=timezone.now())
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    program = Client(enforce_csrf_checks=True)
    assert program.post(forget_link(mail.outbox[0]), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Contact.objects.exists()


def test_a_forgotten_address_comes_back_with_a_new_consent_alone(contact: Contact, settings: Any) -> None:
    forget(contact)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, just as long", [settings.SECRET_KEY]
    again = ContactFactory.build(
        organisation=contact.organisation, email=contact.email.title(), consent_on=timezone.localdate()
    )
    with pytest.raises(ConsentRefused, match="had it removed"):
        write_down_consent(contact=again)
    ForgottenAddress.objects.update(on=timezone.localdate() - timedelta(days=1))
    write_down_consent(contact=again)
    assert not ForgottenAddress.objects.exists()
    assert again.kept_until == timezone.localdate() + CONSENT_HOLDS + KEPT_AFTER


def test_a_contact_removed_meanwhile_does_not_come_back_with_a_consent(contact: Contact) -> None:
    late = Contact.objects.get()
    forget(contact)
    with pytest.raises(ConsentRefused, match="removed meanwhile"):
        write_down_consent(contact=late)
    assert not Contact.objects.exists()


def test_an_address_whose_time_is_over_is_deleted(contact: Contact) -> None:
    asking.make_link(contact, now=timezone.now())
    Contact.objects.update(kept_until=timezone.localdate())
    assert forget_lapsed(now=timezone.now()) == 0
    assert forget_lapsed(now=timezone.now() + timedelta(days=1)) == 1
    assert not Contact.objects.exists()


def test_a_form_of_another_site_is_refused(link: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link, answers(Night_rota_app="still")).status_code == 403
    assert not Reply.objects.exists()


def test_what_a_merged_trust_took_over_is_asked_of_it(contact: Contact, client: Client) -> None:
    heir = ContactFactory()
    SuccessionFactory(predecessor=contact.organisation, successor=heir.organisation, on="2025-01-01")
    link = reverse("adoption:confirm", args=[asking.make_link(heir, now=timezone.now())])
    assert "Taken over from Asked Trust" in words_of(client.get(link))
    client.post(link, answers(Night_rota_app="still"))
    assert record_of("Night rota app").organisation == heir.organisation


def test_beat_asks_and_finds_what_went_unconfirmed_once(contact: Contact) -> None:
    ConfirmationPeriodFactory(months=6)
    keep_adoption_true()
    assert len(mail.outbox) == 1
    AdoptionRecord.objects.filter(entry__title="Shift finder").update(on=days_ago(170))
    CatalogueVersion.move()
    version = CatalogueVersion.now()
    later = timezone.now() + timedelta(days=40)
    assert [row.entry.title for row in asking.look_for_unconfirmed(now=later)] == ["Shift finder"]
    assert CatalogueVersion.now() != version
    assert asking.look_for_unconfirmed(now=later) == []

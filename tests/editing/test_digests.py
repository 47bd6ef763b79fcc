"""The weekly e-mail: to whom, when, what about, and how it is stopped."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User, WaitingMail
from portal.benefits.ledgers import total_of
from portal.benefits.questions import ask
from portal.catalogue.models import Entry
from portal.editing import services
from portal.editing.digests import MAIL, send_due, week_of
from tests.editing.conftest import SECRET, Networks
from tests.factories import CountryFactory, InnovationFactory, MeasureFactory, add_figure

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def sent_to(person: User) -> str:
    return "".join(WaitingMail.objects.filter(to=person.email).values_list("text", flat=True))


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), None),
        (MONDAY, date(2026, 11, 23)),
        (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 6, 1, 6, 59, tzinfo=UTC), None),  # summer time: 7.59 in London
        (datetime(2026, 6, 1, 7, 0, tzinfo=UTC), date(2026, 6, 1)),
    ],
)
def test_the_week_begins_on_monday_at_eight_in_london(now: datetime, monday: date | None) -> None:
    assert week_of(now) == monday


def test_the_reviewer_is_told_what_waits_once(entry: Entry, editor: User, reviewer: User, networks: Networks) -> None:
    stranger = networks.person("reviewer", network=networks.other)
    services.submit(entry=entry, by=editor, reason="Counted again.")
    assert send_due(now=MONDAY) == 1
    assert send_due(now=MONDAY + timedelta(hours=1)) == 0
    assert "Waiting for you:\n- Night rota app (Network's review" in sent_to(reviewer)
    assert sent_to(stranger) == sent_to(editor) == ""
    assert SECRET not in str([message.message() for message in mail.outbox])
    assert send_due(now=MONDAY + timedelta(days=7)) == 1


def test_reviews_are_told_to_the_editors_and_a_week_later_to_the_reviewer(
    networks: Networks, editor: User, reviewer: User, publisher: User
) -> None:
    today = timezone.localdate()
    days = {"Long overdue": -8, "Overdue": -7, "Today": 0, "Soon": 6, "Due": 7, "In a month": 30, "Later": 31}
    for title, day in days.items():
        InnovationFactory(
            published=True, title=title, owner_network=networks.own, next_review_on=today + timedelta(days=day)
        )
    contributor = networks.person("contributor")
    send_due(now=MONDAY)
    assert re.findall(r"^(Review[^:]*):|^- ([\w ]+),", sent_to(editor), re.MULTILINE) == [
        *(("Review overdue", ""), ("", "Long overdue"), ("", "Overdue")),
        *(("Review due this week", ""), ("", "Today"), ("", "Soon")),
        *(("Review due within 30 days", ""), ("", "Due"), ("", "In a month")),
    ]
    assert re.findall(r"^(Review[^:]*):|^- ([\w ]+),", sent_to(reviewer), re.MULTILINE) == [
        ("Review still overdue a week after your network’s editors were told", ""),
        ("", "Long overdue"),
    ]
    assert sent_to(contributor) == sent_to(publisher) == ""


def test_reviews_of_what_no_editor_keeps_are_told_to_whoever_is_left(networks: Networks, publisher: User) -> None:
    reviewer = networks.person("reviewer")
    for title, network in (("Reviewed alone", networks.own), ("Kept by nobody", None), ("No people", networks.other)):
        InnovationFactory(published=True, title=title, owner_network=network, next_review_on=timezone.localdate())
    send_due(now=MONDAY)
    told = {person: re.findall(r"^- ([\w ]+),", sent_to(person), re.MULTILINE) for person in (reviewer, publisher)}
    assert told == {reviewer: ["Reviewed alone"], publisher: ["Kept by nobody", "No people"]}


def test_a_total_reads_as_on_its_page(networks: Networks, editor: User) -> None:
    england, hours = CountryFactory(code="ENG", name="England"), MeasureFactory(name="Staff hours released")
    entry = InnovationFactory(published=True, owner_network=networks.own, next_review_on=timezone.localdate())
    add_figure(entry, measure=hours, place=england, value=29103, qualifier="more_than")
    total = total_of(hours, ask(place=england))
    send_due(now=MONDAY)
    assert f"- Staff hours released: {total.text} (observed). {total.as_at_text}" in sent_to(editor)


def test_it_is_stopped_by_a_button_and_not_by_opening_the_link(editor: User) -> None:
    address = urlsplit(MAIL.address_to_stop(editor)).path
    reader = Client()
    assert "Stop these e-mails" in reader.get(address).content.decode()
    assert User.objects.get(pk=editor.pk).wants_digest
    assert "They are stopped" in reader.post(address).content.decode()
    assert not User.objects.get(pk=editor.pk).wants_digest


def test_a_link_that_was_changed_stops_nothing(editor: User) -> None:
    answer: Any = Client().post(urlsplit(MAIL.address_to_stop(editor)).path[:-2] + "/")
    assert answer.status_code == 404
    assert User.objects.get(pk=editor.pk).wants_digest


def test_who_wants_none_or_has_no_address_gets_none(entry: Entry, editor: User, reviewer: User) -> None:
    services.submit(entry=entry, by=editor, reason="Counted again.")
    User.objects.filter(pk=reviewer.pk).update(wants_digest=False)
    assert send_due(now=MONDAY) == 0
    User.objects.filter(pk=reviewer.pk).update(wants_digest=True, email="")
    assert send_due(now=MONDAY) == 0

"""Webhooks: queued with the publication, signed, retried for a day, given up and said, kept thirty days."""

import hmac
import json
from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from portal.catalogue.models import Entry
from portal.catalogue.services import publish_entry, withdraw_entry
from portal.webhooks import services
from portal.webhooks.models import Attempt, Delivery, Event, Webhook
from portal.webhooks.sending import WAITS, claim_due, forget_old, send_due
from portal.webhooks.signing import sign
from portal.webhooks.tasks import forget_old_webhooks
from tests.factories import InnovationFactory, add_figure, publish
from tests.misbehaving import Misbehaving

State = Delivery.State


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example that its specification's libraries are tested with."""
    headers = sign(
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body='{"test": 2432232314}',
        secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.fixture
def webhook(db: None, other_host: Misbehaving) -> Webhook:
    return Webhook.objects.create(address=other_host.url("/200/"), events=[str(event) for event in Event])


@pytest.fixture
def told(webhook: Webhook, other_host: Misbehaving, settings: Any) -> Delivery:
    services.send_test(webhook)
    return Delivery.objects.get()


def bodies() -> list[dict[str, Any]]:
    return [json.loads(row.body) for row in Delivery.objects.order_by("pk")]


def test_each_public_event_is_queued_once_and_drafts_are_not(webhook: Webhook) -> None:
    entry = InnovationFactory(published=True, title="Night rota app")
    figure = add_figure(entry, value=41000, place_not_stated=True)
    publish(entry)
    assert bodies()[0]["type"] == "entry.published"
    before = Delivery.objects.count()
    draft = type(entry).objects.get(pk=entry.pk)
    draft.summary = "A draft’s own words."
    draft.save_revision()
    assert Delivery.objects.count() == before
    publish(type(entry).objects.get(pk=entry.pk))
    assert [body["type"] for body in bodies()[before:]] == ["entry.changed"]
    type(figure).objects.filter(pk=figure.pk).update(value=40000)
    before = Delivery.objects.count()
    publish(type(entry).objects.get(pk=entry.pk))
    changed, corrected = bodies()[before:]
    assert (changed["type"], corrected["type"]) == ("entry.changed", "figures.corrected")
    assert corrected["data"]["figures"] == [str(figure.public_id)]
    assert "40000" not in json.dumps(corrected)
    withdraw_entry(entry=type(entry).objects.get(pk=entry.pk), by=None, reason="Wrong.")
    last = bodies()[-1]
    assert (last["type"], last["data"]["title"]) == ("entry.withdrawn", "Night rota app")
    publish_entry(entry=type(entry).objects.get(pk=entry.pk))
    assert bodies()[-1]["type"] == "entry.published"


def test_what_was_taken_back_was_never_told(webhook: Webhook) -> None:
    entry = InnovationFactory()
    with transaction.atomic():
        publish(entry)
        assert Delivery.objects.count() == 1
        transaction.set_rollback(True)
    assert Delivery.objects.count() == 0


def test_only_what_an_address_wants_is_queued(webhook: Webhook) -> None:
    Webhook.objects.update(events=["entry.withdrawn"])
    entry = InnovationFactory(published=True)
    withdraw_entry(entry=Entry.objects.get(pk=entry.pk).specific, by=None, reason="Wrong.")
    assert [body["type"] for body in bodies()] == ["entry.withdrawn"]


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM webhooks_webhook")
        return str(cursor.fetchone()[0])


def test_the_database_does_not_tell_a_secret(webhook: Webhook) -> None:
    assert webhook.secret.startswith("whsec_")
    assert webhook.secret not in stored()
    assert Webhook.objects.get().secret == webhook.secret


def test_a_secret_outlives_a_change_of_the_sites_key(webhook: Webhook, settings: Any) -> None:
    before, old_key = stored(), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 8, [old_key]
    forget_old_webhooks()
    assert stored() != before
    settings.SECRET_KEY_FALLBACKS = []
    assert Webhook.objects.get().secret == webhook.secret


def test_a_secret_that_no_key_opens_is_said_and_kept(
    told: Delivery, webhook: Webhook, settings: Any, other_host: Misbehaving
) -> None:
    before, settings.SECRET_KEY = stored(), "another" * 8
    send_due()
    forget_old_webhooks()
    assert not other_host.asked
    assert "Give it a new one" in Attempt.objects.get().said
    assert stored() == before
    services.rotate_secret(Webhook.objects.get())
    assert Webhook.objects.get().secret.startswith("whsec_")


def test_a_message_is_signed_over_its_time_and_body(told: Delivery, webhook: Webhook, other_host: Misbehaving) -> None:
    old = webhook.secret
    services.rotate_secret(webhook)
    assert send_due() == 1
    ((method, _, headers, body),) = other_host.asked
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    signatures = [
        "v1," + b64encode(hmac.digest(b64decode(secret[6:]), signed, "sha256")).decode()
        for secret in (Webhook.objects.get().secret, old)
    ]
    assert (method, headers["webhook-signature"].split()) == ("POST", signatures)
    assert headers["webhook-id"] == f"msg_{told.message_id.hex}"
    assert old not in body.decode()
    told.refresh_from_db()
    assert told.state == State.TAKEN
    assert Attempt.objects.get().status == 200


def test_it_is_tried_for_a_day_then_given_up_and_replayed_by_hand(
    told: Delivery, webhook: Webhook, other_host: Misbehaving
) -> None:
    Webhook.objects.update(address=other_host.url("/500/"))
    began = timezone.now()
    waits = []
    while send_due():
        told.refresh_from_db()
        if told.state == State.QUEUED:
            waits.append(told.next_at - timezone.now())
            Delivery.objects.update(next_at=began)
    assert [round(wait / timedelta(minutes=1)) for wait in waits] == [1, 5, 30, 120, 300, 480, 540]
    assert sum(WAITS, timedelta()) > timedelta(days=1)
    assert (told.state, told.attempts, Attempt.objects.count()) == (State.GIVEN_UP, 8, 8)
    assert Attempt.objects.first().said == "Answered 500."
    assert len({headers["webhook-id"] for _, _, headers, _ in other_host.asked}) == 1
    Webhook.objects.update(address=other_host.url("/200/"))
    services.replay(told)
    assert send_due() == 1
    told.refresh_from_db()
    assert (told.state, told.attempts) == (State.TAKEN, 1)


@pytest.mark.parametrize("path", ["/closed/", "/loop/", "/404/"])
def test_what_is_not_2xx_is_a_failure_and_redirects_are_not_followed(
    told: Delivery, other_host: Misbehaving, path: str
) -> None:
    Webhook.objects.update(address=other_host.url(path))
    send_due()
    told.refresh_from_db()
    assert (told.state, told.attempts, len(other_host.asked)) == (State.QUEUED, 1, 1)


def test_an_address_that_leads_inside_by_now_is_not_sent_to(told: Delivery, other_host: Misbehaving) -> None:
    Webhook.objects.update(address="http://169.254.169.254/")
    send_due()
    assert "private network" in Attempt.objects.get().said
    assert other_host.asked == []


def test_many_messages_given_up_switch_it_off_and_one_taken_begins_anew(
    told: Delivery, webhook: Webhook, other_host: Misbehaving
) -> None:
    Webhook.objects.update(address=other_host.url("/500/"), given_up=9)
    Delivery.objects.update(attempts=7)
    send_due()
    webhook.refresh_from_db()
    assert not webhook.is_on
    assert webhook.off_because == "10 messages in turn were given up, each after a day of trying."
    services.replay(told)
    assert send_due() == 0
    Webhook.objects.update(address=other_host.url("/200/"))
    webhook.refresh_from_db()
    services.switch_on(webhook)
    assert send_due() == 1


def test_gone_switches_it_off_at_once(told: Delivery, webhook: Webhook, other_host: Misbehaving) -> None:
    Webhook.objects.update(address=other_host.url("/410/"))
    send_due()
    webhook.refresh_from_db()
    assert (webhook.is_on, webhook.off_because[:28]) == (False, "The address answered 410 (Go")


def test_a_message_is_held_by_one_worker_and_due_again_when_that_one_dies(told: Delivery) -> None:
    assert claim_due(timezone.now()) is not None
    assert claim_due(timezone.now()) is None
    assert claim_due(timezone.now() + timedelta(minutes=3)) is not None


def test_nothing_is_sent_unless_switched_on(told: Delivery, other_host: Misbehaving, settings: Any) -> None:
    settings.OUTGOING = False
    assert send_due() == 0
    assert (other_host.asked, Delivery.objects.get().state) == ([], State.QUEUED)


def test_the_log_is_kept_for_thirty_days(told: Delivery, webhook: Webhook) -> None:
    send_due()
    services.send_test(webhook)
    Delivery.objects.filter(pk=told.pk).update(made_at=timezone.now() - timedelta(days=31))
    assert forget_old(timezone.now()) == 1
    assert Attempt.objects.count() == 0
    assert Delivery.objects.count() == 1

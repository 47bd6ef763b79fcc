"""Writes that concern webhooks. Whether a person may is asked by `webhooks_of` and `networks_of`."""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.permissions import Action, networks_where
from portal.core.clock import shared_now
from portal.core.outgoing import NoAnswer, NotAsked, check_address
from portal.webhooks.models import Delivery, Event, Webhook, new_secret

OLD_SECRET_FOR = timedelta(days=1)
MOST_OF_A_NETWORK = 20


class AddressRefused(Exception):
    """This address can't be registered; the message is fit to show."""


def keeps_webhooks(person: Any) -> bool:
    return bool(networks_where(person, [Action.REVIEW]))


def webhooks_of(person: Any) -> "QuerySet[Webhook]":
    """Return the webhooks a person keeps: their networks' as a reviewer, all as publisher or administrator.

    An address makes the portal send by itself for years, so it is for those who answer for a
    network, not for everyone who drafts.
    """
    networks = networks_where(person, [Action.REVIEW])
    webhooks = Webhook.objects.select_related("network")
    return webhooks if None in networks else webhooks.filter(network__in=networks)


def check_receiver(address: str) -> None:
    """Raise AddressRefused unless an address can be sent to as it answers now; it is judged again at each delivery."""
    try:
        target = check_address(address)
    except (NotAsked, NoAnswer) as problem:
        raise AddressRefused(f"{problem} Give an address that can be reached from the internet.") from problem
    if target.url.scheme != "https" and not target.is_listed:
        raise AddressRefused("Give an address that begins with https://, so that nobody reads or changes it underway.")


def register(*, network: Any, address: str, events: list[str], description: str, by: User) -> Webhook:
    """Take an address; its secret is on the row returned, and is shown this once."""
    check_receiver(address)
    if Webhook.objects.filter(network=network).count() >= MOST_OF_A_NETWORK:
        raise AddressRefused(f"There are {MOST_OF_A_NETWORK} already. Remove one first.")
    return Webhook.objects.create(network=network, address=address, events=events, description=description, made_by=by)


def rotate_secret(webhook: Webhook) -> str:
    """Give a new secret, and sign with the old one as well for a day."""
    webhook.old_secret, webhook.old_secret_until = webhook.secret, timezone.now() + OLD_SECRET_FOR
    webhook.secret = new_secret()
    webhook.save(update_fields=["secret", "old_secret", "old_secret_until"])
    return webhook.secret


def seal_anew() -> None:
    """Encrypt every secret with the newest of the site's keys, so that an old key can go; with one key all are."""
    if not settings.SECRET_KEY_FALLBACKS:
        return
    for webhook in Webhook.objects.exclude(secret="").only("secret", "old_secret"):  # nosec B106  # looks for those without one
        if webhook.secret:  # empty: none of the keys opens it, and a key that does may yet be given
            webhook.save(update_fields=["secret", "old_secret"])


def switch_on(webhook: Webhook) -> None:
    """Send again; raise AddressRefused if the address can't be sent to any more."""
    check_receiver(webhook.address)
    Webhook.objects.filter(pk=webhook.pk).update(is_on=True, off_because="", off_since=None, given_up=0)


def switch_off(webhook: Webhook, *, because: str) -> None:
    Webhook.objects.filter(pk=webhook.pk, is_on=True).update(is_on=False, off_because=because, off_since=timezone.now())


def send_test(webhook: Webhook) -> Delivery:
    now = timezone.now()
    body = json.dumps({"type": Event.TEST, "timestamp": now.isoformat(), "data": {}})
    return Delivery.objects.create(webhook=webhook, event=Event.TEST, body=body)


def replay(delivery: Delivery) -> None:
    """Queue a message again, under its own id: who has it already can tell."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.QUEUED, attempts=0, next_at=shared_now(), ended_at=None
    )

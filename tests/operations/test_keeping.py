"""How long what is kept: as long as the settings say, and the page about privacy says the same."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.adoption.asking import forget_old_links
from portal.adoption.models import ConfirmationLink
from portal.briefings.models.pack import end_of_keeping
from portal.catalogue.finding.missed import record_missed
from portal.catalogue.finding.terms import Term
from portal.catalogue.models import MissedSearch
from portal.exchange.imports.services import remove_old_imports
from portal.exchange.models import ImportBatch, ImportRow
from portal.webhooks.models import Delivery, Webhook
from portal.webhooks.sending import forget_old
from tests.factories import ContactFactory, NetworkFactory

pytestmark = pytest.mark.django_db


def days_ago(days: int) -> Any:
    return timezone.now() - timedelta(days=days)


def test_rows_of_imports_go_after_the_days_that_are_set(settings: Any) -> None:
    settings.IMPORTS_KEEP_DAYS, settings.IMPORTS_KEEP_UNAPPLIED_DAYS = 40, 10
    network = NetworkFactory()
    for name, state, days in [("a", "applied", 39), ("b", "applied", 41), ("c", "checked", 9), ("d", "checked", 11)]:
        batch = ImportBatch.objects.create(network=network, file_name=name, file_size=1, state=state)
        ImportBatch.objects.filter(pk=batch.pk).update(created_at=days_ago(days), applied_at=days_ago(days))
        ImportRow.objects.create(batch=batch, sheet=0, number=2, cells=[])

    remove_old_imports()

    assert list(ImportRow.objects.order_by("batch__file_name").values_list("batch__file_name", flat=True)) == ["a", "c"]
    assert set(ImportBatch.objects.values_list("file_name", flat=True)) == {"a", "b", "c"}


def test_messages_of_webhooks_go_after_the_days_that_are_set(settings: Any) -> None:
    settings.WEBHOOKS_KEEP_DAYS = 5
    webhook = Webhook.objects.create(address="https://a.example/")
    for days in (4, 6):
        Delivery.objects.create(webhook=webhook, event="portal.test", body=f"{days}", made_at=days_ago(days))

    assert forget_old(timezone.now()) == 1
    assert Delivery.objects.get().body == "4"


def test_words_that_found_nothing_go_after_the_months_that_are_set(settings: Any, monkeypatch: Any) -> None:
    settings.MISSED_SEARCHES_KEEP_MONTHS = 2
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 1, 31))
    for month in (date(2025, 10, 1), date(2025, 11, 1)):
        MissedSearch.objects.create(words=f"{month}", month=month, times=2)

    record_missed("quokka", [Term(("quokka",), is_quoted=False)])

    assert set(MissedSearch.objects.values_list("words", flat=True)) == {"2025-11-01", "quokka"}


def test_links_to_organisations_go_after_the_days_that_are_set(settings: Any) -> None:
    settings.CONFIRMATION_LINKS_KEEP_DAYS = 3
    contact = ContactFactory()
    for days in (2, 4):
        ConfirmationLink.objects.create(contact=contact, token_hash=f"{days}", expires_at=days_ago(days))

    assert forget_old_links(now=timezone.now()) == 1
    assert ConfirmationLink.objects.get().token_hash == "2"


def test_a_pack_is_kept_for_the_days_that_are_set_and_the_page_says_so(settings: Any, client: Client) -> None:
    settings.BRIEFINGS_KEEP_DAYS, settings.MISSED_SEARCHES_KEEP_MONTHS = 12, 1
    settings.CONFIRMATION_LINKS_KEEP_DAYS = 3
    assert timedelta(days=11.9) < end_of_keeping() - timezone.now() <= timedelta(days=12)
    told = client.get("/privacy/").content.decode()
    for sentence in ("expires, after 12 days", "counted by month, for 1 month, so", "deleted 3 days after the link"):
        assert sentence in told

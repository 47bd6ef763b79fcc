"""The feed of headline totals: England, achieved, all dates, each basis an entry of its own."""

from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.catalogue.models import CatalogueVersion
from tests.factories import InnovationFactory, MeasureFactory, add_figure

pytestmark = pytest.mark.django_db

ATOM = {"atom": "http://www.w3.org/2005/Atom"}


def feed(client: Client) -> Any:
    answer = client.get(reverse("benefits:headline_feed"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)  # noqa: S314 (our own answer)


def told(entry: Any) -> tuple[str, str]:
    return entry.findtext("atom:title", namespaces=ATOM), entry.findtext("atom:summary", namespaces=ATOM)


def test_each_total_with_something_counted_is_an_entry(client: Client, england: Any) -> None:
    hours, pounds = MeasureFactory(name="Hours released"), MeasureFactory(name="Costs avoided", unit="GBP")
    add_figure(InnovationFactory(published=True), measure=hours, place=england, qualifier="about")
    add_figure(InnovationFactory(published=True), measure=hours, place=england, basis="modelled", value=Decimal(8))
    add_figure(InnovationFactory(published=True), measure=pounds, place=england, achievement="potential")
    titles_and_summaries = [told(entry) for entry in feed(client).findall("atom:entry", ATOM)]
    assert [title for title, _ in titles_and_summaries] == ["Hours released, observed", "Hours released, modelled"]
    assert titles_and_summaries[0][1].startswith("About 1,250 hours. As at ")


def test_an_entry_leads_to_its_ledger_and_was_updated_when_the_catalogue_moved(client: Client, england: Any) -> None:
    measure = MeasureFactory()
    add_figure(InnovationFactory(published=True), measure=measure, place=england, basis="modelled")
    entry = feed(client).find("atom:entry", ATOM)
    ledger = reverse("benefits:measure_impact", args=[measure.key])
    assert entry.find("atom:link", ATOM).get("href") == f"{settings.SITE_URL}{ledger}?basis=modelled"
    moved_at = CatalogueVersion.objects.get().moved_at.isoformat()
    assert entry.findtext("atom:updated", namespaces=ATOM) == moved_at


def test_it_is_not_sent_again_while_nothing_has_changed(client: Client, england: Any) -> None:
    add_figure(InnovationFactory(published=True), place=england)
    address = reverse("benefits:headline_feed")
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    add_figure(InnovationFactory(published=True), place=england)
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_a_portal_without_england_or_figures_has_a_feed_without_entries(client: Client) -> None:
    assert feed(client).findall("atom:entry", ATOM) == []


@pytest.mark.parametrize("how_many", [1, 20])
def test_it_costs_the_same_for_one_total_as_for_twenty(
    client: Client, django_assert_num_queries: Any, england: Any, how_many: int
) -> None:
    for _ in range(how_many):
        add_figure(InnovationFactory(published=True), place=england, published=False)
    with django_assert_num_queries(15):
        client.get(reverse("benefits:headline_feed"))

"""A year of quarterly returns for every trust: loaded in one go, and every page within its queries."""

import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.adoption.services import Loaded, load_returns
from portal.catalogue.finding.index import current_index
from portal.catalogue.models import CatalogueVersion
from portal.catalogue.sharing import forget_answers
from portal.catalogue.stored import store_answers
from portal.organisations.models import Organisation
from tests.adoption.scale import ENTRIES, QUARTERS, TRUSTS, returns
from tests.factories import (
    IcbFactory,
    InnovationFactory,
    MapTileFactory,
    MembershipFactory,
    RegionFactory,
    ThemeFactory,
    TrustFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def a_year(module_db: None) -> Loaded:
    """Load the returns over a country of 7 regions, 36 boards and 217 trusts."""
    theme = ThemeFactory()
    slugs = [InnovationFactory(published=True, slug=f"entry-{n:02}", themes=[theme]).slug for n in range(ENTRIES)]
    regions, boards = RegionFactory.create_batch(7), IcbFactory.create_batch(36)
    trusts = TrustFactory.create_batch(TRUSTS)
    for number, board in enumerate(boards):
        MembershipFactory(organisation=board, within=regions[number % 7])
        MapTileFactory(organisation=board, column=number % 6, row=number // 6)
    for number, trust in enumerate(trusts):
        MembershipFactory(organisation=trust, within=boards[number % 36])
    rows = list(returns([trust.code for trust in trusts], slugs, timezone.localdate()))
    before = time.process_time()
    loaded = load_returns(rows)
    assert time.process_time() - before < 20
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself within a minute
    return loaded


def test_a_year_for_every_trust_loads_and_loads_again(a_year: Loaded) -> None:
    assert a_year == Loaded(new=TRUSTS * ENTRIES * QUARTERS, known=0)
    codes = list(Organisation.objects.trusts().order_by("pk").values_list("code", flat=True))
    again = load_returns(returns(codes, ["entry-00"], timezone.localdate()))
    assert again.new + again.known == TRUSTS * QUARTERS


PAGES = {
    "entry": (lambda: "/innovations/entry-00/", 35, 26),
    "cards": (lambda: reverse("innovations:list"), 17, 3),
    "spreading": (lambda: reverse("adoption:spreading"), 10, 1),
    "adoption": (lambda: reverse("adoption:entry", args=["entry-00"]), 11, 2),
    "json": (lambda: reverse("adoption:entry_json", args=["entry-00"]), 10, 8),
    "trust": (lambda: Organisation.objects.trusts()[0].get_absolute_url(), 26, 13),
    "board": (lambda: Organisation.objects.icbs()[0].get_absolute_url(), 29, 15),
    "region": (lambda: Organisation.objects.regions()[0].get_absolute_url(), 24, 12),
}


@pytest.mark.usefixtures("a_year")
@pytest.mark.parametrize("name", PAGES)
def test_each_page_stays_within_its_queries_at_that_size(
    client: Client, django_assert_max_num_queries: Any, name: str
) -> None:
    """First when nothing is kept, then when its parts are but not the whole answer."""
    address_of, first, then = PAGES[name]
    address = address_of()
    CatalogueVersion.move()
    current_index()
    for queries in (first, then):
        forget_answers()
        with django_assert_max_num_queries(queries):
            assert client.get(address).status_code == 200
        store_answers()

"""Browsing by place: what each board has, uses, and its neighbours use; equal to the lists it leads to."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.adoption.models import AdoptionRecord
from portal.catalogue.finding.index import current_index
from portal.catalogue.services import withdraw_entry
from portal.catalogue.sharing import forget_answers
from tests.factories import (
    AdoptionRecordFactory,
    IcbFactory,
    InnovationFactory,
    MapTileFactory,
    MembershipFactory,
    RegionFactory,
    SuccessionFactory,
    TrustFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def hrefs(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="(/catalogue/\?[^"]*)"', page)))


@pytest.fixture
def three_boards() -> dict[str, Any]:
    south, north = RegionFactory(code="Y58", name="South"), RegionFactory(code="Y63", name="North")
    boards = {
        code: IcbFactory(code=code, name=f"NHS {code} ICB", short_name=name, region=region)
        for code, name, region in (("QAA", "Avon", south), ("QBB", "Bere", south), ("QCC", "Calder", north))
    }
    for number, board in enumerate(boards.values()):
        MapTileFactory(organisation=board, column=number, row=0)
    trust = TrustFactory()
    MembershipFactory(organisation=trust, within=boards["QBB"])
    used = InnovationFactory(published=True, title="Used at Bere", places=[boards["QAA"]])
    AdoptionRecordFactory(entry=used, organisation=trust, stage="adopted", on="2019")
    stopped = InnovationFactory(published=True, title="Stopped at Bere")
    AdoptionRecordFactory(entry=stopped, organisation=trust, stage="stopped", stop_reason="cost")
    draft = InnovationFactory(title="Draft", places=[boards["QCC"]])
    AdoptionRecordFactory(entry=draft, organisation=trust, stage="adopted")
    gone = InnovationFactory(published=True, title="Gone", places=[boards["QCC"]])
    withdraw_entry(entry=gone, by=UserFactory(), reason="Test")
    return boards


def test_map_table_and_lists_say_the_same(client: Client, three_boards: dict[str, Any]) -> None:
    answer = client.get("/places/")
    page = answer.content.decode()
    told = {board.code: (board.entries, board.used, board.used_by_neighbours) for board in answer.context["boards"]}
    assert told == {"QAA": (1, 0, 1), "QBB": (2, 1, 0), "QCC": (0, 0, 0)}
    assert [tile.board.entries for tile in answer.context["map"].tiles] == [1, 2, 0]
    assert '<a href="/organisations/QAA/"><title>Avon: Avon, 1 entry</title>' in page
    counts = {href: client.get(href).context["listing"].page.total for href in hrefs(page)}
    assert counts == {"/catalogue/?icb=QAA": 1, "/catalogue/?used=QBB": 1, "/catalogue/?icb=QBB": 2}
    assert "Draft" not in page + client.get("/organisations/QCC/").content.decode()


def test_a_boards_own_page_leads_to_what_it_and_its_neighbours_use(
    client: Client, three_boards: dict[str, Any]
) -> None:
    assert hrefs(client.get("/organisations/QAA/").content.decode()) == ["/catalogue/?icb=QAA", "/catalogue/?used=QBB"]
    assert hrefs(client.get("/organisations/QCC/").content.decode()) == []


def test_what_a_closed_board_used_counts_for_its_heir(client: Client, three_boards: dict[str, Any]) -> None:
    old = IcbFactory(code="QDD", closed_on=date(2025, 3, 31))
    SuccessionFactory(predecessor=old, successor=three_boards["QCC"], on=date(2025, 4, 1))
    entry = InnovationFactory(published=True, title="Used before")
    AdoptionRecordFactory(entry=entry, organisation=old, stage="sustained")
    told = {board.code: (board.entries, board.used) for board in client.get("/places/").context["boards"]}
    assert told["QCC"] == (1, 1)
    assert "QDD" not in told


def test_only_what_coverage_counts_as_live_is_confirmed(client: Client, three_boards: dict[str, Any]) -> None:
    assert '<span class="app-figures__small">none confirmed</span>' in client.get("/places/").content.decode()
    assert "1 reported in use" in client.get("/organisations/QBB/").content.decode()
    old = AdoptionRecord.objects.get(entry__title="Used at Bere")
    today = timezone.localdate().isoformat()
    AdoptionRecordFactory(entry=old.entry, organisation=old.organisation, stage="sustained", on=today)
    assert hrefs(client.get("/organisations/QBB/").content.decode())[1:] == [
        "/catalogue/?used=QBB",
        "/catalogue/?confirmed=QBB",
    ]
    listing = client.get("/catalogue/?confirmed=QBB&kind=innovation").context["listing"]
    assert listing.page.total == 1
    assert [tag.text for tag in listing.chosen] == ["Innovation", "Confirmed in use in: Bere"]


def test_without_boards_or_a_map_it_says_so(client: Client) -> None:
    assert "No integrated care board is known here yet" in client.get("/places/").content.decode()
    IcbFactory()
    answer = client.get("/places/?icb=nonsense&page=%00")
    assert (answer.status_code, answer.context["map"], len(answer.context["boards"])) == (200, None, 1)


@pytest.mark.parametrize("how_many", [1, 6])
def test_it_costs_the_same_for_six_boards_as_for_one(
    client: Client, django_assert_num_queries: Any, how_many: int
) -> None:
    for number in range(how_many):
        board = IcbFactory(region=RegionFactory())
        MapTileFactory(organisation=board, column=number, row=0)
        InnovationFactory(published=True, places=[board])
    current_index()
    client.get("/places/")
    forget_answers()
    with django_assert_num_queries(3):
        client.get("/places/")

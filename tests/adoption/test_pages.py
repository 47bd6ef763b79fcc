"""Pages of adoption: the same text everywhere, claims apart from records, and old addresses that lead on."""

import json
import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from portal.adoption.maps import tile_maps
from portal.briefings.brief.content import brief_of_published
from portal.briefings.brief.rendering import render_brief
from portal.briefings.rendering import render_pack
from tests.briefings.samples import snapshot_of
from tests.exchange.api_scene import get
from tests.factories import (
    AdoptionRecordFactory,
    CountryFactory,
    CoverageClaimFactory,
    IcbFactory,
    InnovationFactory,
    MapTileFactory,
    MembershipFactory,
    RegionFactory,
    SuccessionFactory,
    TrustFactory,
)
from tests.pdfs import text_of

pytestmark = pytest.mark.django_db

TEXT = "31% to 58%, 73% replied"


def words_of(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def report(entry: Any, organisation: Any, stage: str = "adopted", on: str = "", **more: Any) -> Any:
    return AdoptionRecordFactory(
        entry=entry, organisation=organisation, stage=stage, on=on or timezone.localdate().isoformat(), **more
    )


@pytest.fixture
def hundred() -> Any:
    """The design's own example: 100 trusts, 31 live and 27 silent."""
    entry = InnovationFactory(published=True, title="Night rota app", slug="night-rota-app")
    trusts = TrustFactory.create_batch(100)
    for number, trust in enumerate(trusts[:73]):
        report(entry, trust, "adopted" if number < 31 else "not_adopting")
    return entry


@pytest.mark.slow
def test_page_card_and_every_api_say_the_same(client: Client, hundred: Any) -> None:
    told = client.get(reverse("adoption:entry_json", args=[hundred.slug])).json()
    assert told["coverage"]["text"] == TEXT
    assert (told["coverage"]["live"], told["coverage"]["silent"], told["coverage"]["all"]) == (31, 27, 100)
    for answer in (
        client.get(hundred.get_absolute_url()),
        client.get(reverse("innovations:list")),
        client.get(reverse("adoption:entry", args=[hundred.slug])),
        client.get(reverse("adoption:spreading")),
    ):
        assert TEXT in words_of(answer)
    assert get(f"coverage/{hundred.slug}/")["coverage"]["text"] == TEXT
    assert [row["coverage"]["text"] for row in get("coverage/")["results"]] == [TEXT]
    for address in ("entries/", "innovations/"):
        assert [row["adoption"]["coverage"] for row in get(address)["results"]] == [TEXT]


@pytest.mark.slow
def test_a_reader_finds_the_same_in_the_text_of_a_brief_and_of_a_pack(client: Client, hundred: Any) -> None:
    told = f"{TEXT}, of 100 NHS trusts in England"
    assert told in text_of(PdfReader(BytesIO(render_brief(brief_of_published(hundred.pk)))))
    pack = text_of(PdfReader(BytesIO(render_pack(snapshot_of(hundred, as_at=timezone.localdate())))))
    assert TEXT in pack
    assert "31 live and 27 silent, of 100" in pack


def test_stops_stand_beside_the_live_with_their_reasons(client: Client) -> None:
    entry = InnovationFactory(published=True)
    for reason in ["licence_cost"] * 3 + ["no_interface"]:
        report(entry, TrustFactory(), "stopped", stop_reason=reason)
    for trust in TrustFactory.create_batch(18):
        report(entry, trust)
    sentence = "4 of 22 stopped: 3 licence cost, 1 no interface"
    assert sentence in words_of(client.get(entry.get_absolute_url()))
    assert sentence in words_of(client.get(reverse("adoption:spreading")))


def test_stops_are_those_of_the_kind_and_place_that_are_asked(client: Client) -> None:
    entry, here, there = InnovationFactory(published=True), RegionFactory(code="Y1"), RegionFactory(code="Y2")
    for region, reason in ((here, "licence_cost"), (there, "no_interface"), (there, "no_interface")):
        trust = TrustFactory()
        MembershipFactory(organisation=trust, within=region)
        report(entry, trust, "stopped", stop_reason=reason)
    for address in (reverse("adoption:entry", args=[entry.slug]), reverse("adoption:spreading")):
        assert "3 of 3 stopped: 2 no interface, 1 licence cost" in words_of(client.get(address))
        of_place = words_of(client.get(address, {"place": "Y1"}))
        assert "1 of 1 stopped: 1 licence cost" in of_place
        assert "no interface" not in of_place


def test_what_was_used_within_a_board_that_closed_leads_to_its_last_day(client: Client) -> None:
    board, trust = IcbFactory(code="QOLD", closed_on=date(2024, 3, 31)), TrustFactory()
    MembershipFactory(organisation=trust, within=board, end=date(2024, 3, 31))
    entry = InnovationFactory(published=True)
    report(entry, trust, on="2024-03-01")
    page = words_of(client.get(board.get_absolute_url()))
    assert "As at 31 March 2024, among the organisations that lie in it." in page
    address = f"{reverse('adoption:entry', args=[entry.slug])}?place=QOLD&as_at=2024-03-31"
    assert address.replace("&", "&amp;") in page
    assert "of 1 NHS trust in " in words_of(client.get(address))


def test_a_word_that_is_too_old_is_shown_as_such(client: Client) -> None:
    entry, trust = InnovationFactory(published=True), TrustFactory(name="Quiet Trust")
    report(entry, trust, on="2019-05")
    for address in (entry.get_absolute_url(), trust.get_absolute_url()):
        assert "Not confirmed within 12 months, so counted as silent" in words_of(client.get(address))


def test_an_earlier_day_can_be_asked_about(client: Client) -> None:
    entry = InnovationFactory(published=True)
    report(entry, TrustFactory(), on="2019-05")
    address = reverse("adoption:entry_json", args=[entry.slug])
    assert client.get(address, {"as_at": "2020-01-31"}).json()["coverage"]["text"] == "100%, 100% replied"
    assert client.get(address, {"as_at": "2019-04-30"}).json()["coverage"]["text"] == "0% to 100%, 0% replied"


def test_the_list_is_narrowed_by_stage_kind_and_place(client: Client) -> None:
    entry, region = InnovationFactory(published=True), RegionFactory(code="Y1", name="Northshire")
    inside, outside = TrustFactory(name="Inside Trust"), TrustFactory(name="Outside Trust", trust_type="ambulance")
    MembershipFactory(organisation=inside, within=region)
    report(entry, inside)
    report(entry, outside, "piloting")
    address = reverse("adoption:entry", args=[entry.slug])

    def shown(**query: str) -> list[str]:
        page = words_of(client.get(address, query))
        page = page[page.index('id="organisations"') :]
        return [name for name in ("Inside Trust", "Outside Trust") if f">{name}</a>" in page]

    assert shown() == ["Inside Trust", "Outside Trust"]
    assert shown(place="y1") == ["Inside Trust"]
    assert shown(stage="piloting") == ["Outside Trust"]
    assert shown(kind="ambulance") == ["Outside Trust"]
    assert shown(kind="icb") == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"as_at": "31/3/2026"}, "as_at: “31/3/2026” is not a day. Write one as 2026-03-31."),
        ({"as_at": "2999-01-01"}, "as_at: “2999-01-01” is not a day we can tell of."),
        ({"kind": "hospital"}, "kind: there is no kind “hospital”. Choose one of trust,"),
        ({"place": "ZZZ"}, "place: there is no place “ZZZ”."),
        ({"stage": "dreaming"}, "stage: there is no stage “dreaming”."),
        ({"page": "99"}, "there is no page “99”"),
    ],
)
def test_what_cannot_be_answered_is_left_out_and_said(client: Client, query: dict[str, str], said: str) -> None:
    entry = InnovationFactory(published=True)
    report(entry, TrustFactory())
    assert said in words_of(client.get(reverse("adoption:entry", args=[entry.slug]), query))
    answer = client.get(reverse("adoption:entry_json", args=[entry.slug]), query)
    if "page" not in query:
        assert answer.status_code == 400
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["errors"][0]["field"] in query
        assert client.get(reverse("adoption:spreading"), query).status_code == 200


@pytest.mark.parametrize("name", ["adoption:entry", "adoption:entry_json"])
def test_a_draft_has_no_page_of_adoption(client: Client, name: str) -> None:
    assert client.get(reverse(name, args=[InnovationFactory().slug])).status_code == 404


def test_claims_by_unit_stand_apart_and_no_claim_becomes_coverage(client: Client) -> None:
    entry = InnovationFactory(published=True)
    for count, day in ((41, "2020-06"), (66, "2023-03")):
        CoverageClaimFactory(entry=entry, group="NHS trusts", count=count, unit="trusts", as_at=day, stage="spread")
    CoverageClaimFactory(entry=entry, group="Clinics", count=73, unit="clinics", as_at="2020-06", stage="spread")
    page = words_of(client.get(reverse("adoption:entry", args=[entry.slug])))
    assert "NHS trusts (trusts), as a table" in page
    assert '<td class="nhsuk-table__cell">66 trusts</td>' in page
    assert "Clinics (clinics), as a table" not in page
    assert "0% to" not in page


def test_of_an_earlier_day_nothing_is_shown_that_was_claimed_later(client: Client) -> None:
    entry = InnovationFactory(published=True)
    for group, day in (("Early trusts", "2020-06"), ("Late trusts", "2023-03"), ("Undated trusts", "")):
        CoverageClaimFactory(entry=entry, group=group, as_at=day)

    def shown(day: str) -> list[str]:
        told = client.get(reverse("adoption:entry_json", args=[entry.slug]), {"as_at": day}).json()
        return [claim["group"] for claim in told["claims"]]

    assert shown("2020-05-31") == ["Undated trusts"]
    assert shown("2020-06-01") == ["Early trusts", "Undated trusts"]
    assert shown("2023-03-01") == ["Early trusts", "Late trusts", "Undated trusts"]


def test_each_board_is_a_tile_before_and_after_and_a_row_of_the_table(client: Client) -> None:
    entry = InnovationFactory(published=True)
    old = IcbFactory(code="QOLD", name="Old Board", closed_on=date(2026, 3, 31))
    new = IcbFactory(code="QNEW", name="New Board", opened_on=date(2026, 4, 1))
    SuccessionFactory(predecessor=old, successor=new, on=date(2026, 4, 1))
    MapTileFactory(organisation=old, boards_from=date(2022, 7, 1))
    MapTileFactory(organisation=new, boards_from=date(2026, 4, 1))
    trust = TrustFactory()
    MembershipFactory(organisation=trust, within=old, end=date(2026, 3, 31))
    MembershipFactory(organisation=trust, within=new, start=date(2026, 4, 1))
    report(entry, trust, on="2026-03-01")
    page = words_of(client.get(reverse("adoption:entry", args=[entry.slug])))
    assert "Integrated care boards on 31 March 2026, as a table" in page
    assert page.index(">New Board</a>") < page.index(">Old Board</a>")
    assert page.count("100%, 100% replied") >= 2


def test_the_maps_are_drawn_again_when_who_uses_it_or_a_board_changes_and_not_for_another_text(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    monkeypatch.setattr("portal.adoption.pages.tile_maps", lambda *asked: drawn.append(1) or tile_maps(*asked))
    entry, board = InnovationFactory(published=True, title="Night rota app"), IcbFactory(name="Old Name Board")
    MapTileFactory(organisation=board, boards_from=date(2022, 7, 1))
    trusts = TrustFactory.create_batch(2)
    for trust in trusts:
        MembershipFactory(organisation=trust, within=board)
    report(entry, trusts[0])

    def page() -> tuple[str, int]:
        drawn.clear()
        return words_of(client.get(reverse("adoption:entry", args=[entry.slug]))), len(drawn)

    assert page()[1] == 1
    entry.title = "Day rota app"
    entry.save()
    text, times = page()
    assert "Who uses Day rota app" in text
    assert (">1/2</text>" in text, times) == (True, 0)
    report(entry, trusts[1])
    text, times = page()
    assert (">2/2</text>" in text, times) == (True, 1)
    board.name = "New Name Board"
    board.save()
    text, times = page()
    assert ("New Name Board" in text, "Old Name Board" in text, times) == (True, False, 1)


def test_an_old_address_leads_to_the_successor_and_can_still_be_read(client: Client) -> None:
    old = TrustFactory(code="OLD", name="Old Trust", closed_on=date(2024, 3, 31))
    new = TrustFactory(code="NEW", name="New Trust")
    SuccessionFactory(predecessor=old, successor=new, on=date(2024, 4, 1))
    answer = client.get(old.get_absolute_url(), follow=True)
    assert answer.redirect_chain == [("/organisations/NEW/?from=OLD", 302)]
    assert "Old Trust closed on 31 March 2024 and its area passed to this organisation" in words_of(answer)
    assert "Old Trust" in words_of(client.get(old.get_absolute_url(), {"closed": "1"}))


def test_an_organisation_shows_what_those_like_it_use_and_why_they_are_like(client: Client) -> None:
    region = RegionFactory()
    here, near, far = TrustFactory(), TrustFactory(name="Near Trust"), TrustFactory(name="Far Trust")
    for trust in (here, near):
        MembershipFactory(organisation=trust, within=region)
    report(InnovationFactory(published=True, title="Used nearby"), near)
    report(InnovationFactory(published=True, title="Used far off"), far)
    page = words_of(client.get(here.get_absolute_url()))
    assert "Near Trust</a>: weight 4 (same kind, same type, same region)" in page
    assert "Far Trust</a>: weight 3 (same kind, same type)" in page
    assert page.index("Used nearby") < page.index("Used far off")
    assert "</span>1 of 2</td>" in page
    assert "</span>57%</td>" in page


def test_a_region_shows_coverage_within_it(client: Client) -> None:
    region, trust = RegionFactory(), TrustFactory()
    MembershipFactory(organisation=trust, within=region)
    report(InnovationFactory(published=True, title="Used here"), trust)
    page = words_of(client.get(region.get_absolute_url()))
    assert "100%, 100% replied" in page
    assert "of 1 NHS trust" in page


def test_what_is_spreading_comes_in_pages_those_named_only_in_claims_last(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.adoption.spreading.PER_PAGE", 2)
    for title in ("Claimed A", "Claimed B"):
        CoverageClaimFactory(entry=InnovationFactory(published=True, title=title))
    for title in ("Reported C", "Reported D", "Reported E"):
        report(InnovationFactory(published=True, title=title), TrustFactory())
    report(InnovationFactory(title="Draft F"), TrustFactory())
    pages = [words_of(client.get(reverse("adoption:spreading"), {"page": number})) for number in (1, 2, 3)]
    shown = [re.findall(r">((?:Reported|Claimed|Draft) \w)</a>", page) for page in pages]
    assert shown == [["Reported C", "Reported D"], ["Reported E", "Claimed A"], ["Claimed B"]]
    assert "<title>What is spreading (page 3) - " in pages[2]
    assert "No organisation of this kind" not in pages[2]
    assert "there is no page “9”" in words_of(client.get(reverse("adoption:spreading"), {"page": "9"}))
    of_trusts = words_of(client.get(reverse("adoption:spreading"), {"kind": "trust", "page": 2}))
    assert "2 more are known only from claims about groups" in of_trusts
    assert re.findall(r">((?:Reported|Claimed|Draft) \w)</a>", of_trusts) == ["Reported E"]


def test_fewer_than_a_year_before_is_said_of_what_is_known(client: Client) -> None:
    entry = InnovationFactory(published=True)
    report(entry, TrustFactory(), on=(timezone.localdate() - timedelta(days=500)).isoformat())
    page = words_of(client.get(reverse("adoption:spreading")))
    assert "not within the period); 1 fewer known to be live than a year before" in page


def test_a_kind_or_place_of_which_nothing_was_said_is_no_row(client: Client) -> None:
    near, far = RegionFactory(code="Y1"), RegionFactory(code="Y2")
    trust = TrustFactory(trust_type="acute")
    for region, member in ((near, trust), (far, TrustFactory())):
        MembershipFactory(organisation=member, within=region)
    report(InnovationFactory(published=True, title="Used near"), trust)

    def is_shown(**query: str) -> bool:
        return "Used near" in words_of(client.get(reverse("adoption:spreading"), query))

    asked = ({}, {"place": "Y1"}, {"place": "Y2"}, {"kind": "acute"}, {"kind": "icb"}, {"as_at": "2020-01-01"})
    assert [is_shown(**query) for query in asked] == [True, True, False, True, False, False]


def test_json_is_plain_and_complete(client: Client, hundred: Any) -> None:
    CountryFactory(code="ENG", name="England")
    told = client.get(reverse("adoption:entry_json", args=[hundred.slug])).json()
    assert len(told["organisations"]) == 73
    assert told["by_kind"][0]["kind"] == "trust"
    assert json.dumps(told)

"""What an entry could mean for the reader: put in the basket with its number, frozen in the pack."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from portal.briefings.audit import audit
from portal.briefings.basket import Basket
from portal.briefings.for_us import ForUs
from portal.briefings.models import BriefingPack
from portal.briefings.options import PackOptions
from portal.briefings.rendering import render_pack
from portal.briefings.services import ask_for_pack
from portal.briefings.snapshot import build_snapshot, content_hash, read_entries
from portal.catalogue.models import Entry
from tests.benefits.sites import entry_of_two_sites, observed_at
from tests.factories import InnovationFactory, TrustFactory, publish
from tests.pdfs import text_of

pytestmark = pytest.mark.django_db
WARD = ForUs(150, "Ward patients")
BASKET = "/packs/basket/"


def snapshot_of(*entries: Entry, **numbers: ForUs) -> dict[str, Any]:
    """Freeze a pack; `numbers` are by the entry's slug, with its hyphens as underscores."""
    with transaction.atomic():
        rows = read_entries([entry.slug for entry in entries])
    chosen = {slug.replace("_", "-"): one for slug, one in numbers.items()}
    pack = ask_for_pack(slugs=[row.slug for row in rows], options=PackOptions(title="Options", for_us=chosen))
    return dict(pack.data)


def add(client: Client, entry: Entry, **fields: Any) -> Any:
    return client.post(reverse("briefings:basket_add_for_us", args=[entry.slug]), {"headcount": 150, **fields})


# --- the pack -------------------------------------------------------------------------------


def chosen_in(client: Client) -> Basket:
    return Basket(client.session, AnonymousUser())


def test_the_packs_entry_holds_the_range_its_sites_and_every_assumption() -> None:
    TrustFactory(code="RWV", name="Devon Partnership NHS Trust")
    data = snapshot_of(entry_of_two_sites(slug="ward"), ward=WARD._replace(organisation="RWV"))

    told = data["entries"][0]["for_us"]
    assert told["whom"] == "Devon Partnership NHS Trust: 150 ward patients"
    assert [row["text"] for row in told["ranges"]] == ["Between 1,500 and 3,800 hours a year, indicative"]
    assert [(row["place"], row["people"], row["period"], row["rate"]) for row in told["ranges"][0]["rows"]] == [
        ("Northtown NHS Trust", "100 ward patients", "2023/24", "10 hours"),
        ("Southtown NHS Trust", "200 ward patients", "2023/24", "25 hours"),
    ]
    assert any("“More than 5,000 hours”" in sentence for sentence in told["ranges"][0]["assumptions"])


def test_the_sites_cite_the_packs_references() -> None:
    data = snapshot_of(entry_of_two_sites(slug="ward"), ward=WARD)
    titles = {row["number"]: row["title"] for row in data["references"]}
    cited = [titles[row["source"]] for row in data["entries"][0]["for_us"]["ranges"][0]["rows"]]
    figures = Entry.objects.get(slug="ward").figures.all()
    assert cited == [figures.get(key=key).evidence.title for key in ("north", "south")]


def test_an_entry_without_a_number_has_no_range_in_its_pack() -> None:
    assert snapshot_of(entry_of_two_sites())["entries"][0]["for_us"] is None


def test_what_was_frozen_stays_when_a_site_is_added() -> None:
    entry = entry_of_two_sites(slug="ward")
    data = snapshot_of(entry, ward=WARD)

    observed_at(entry, "Eastville NHS Trust", 900, 10)

    assert BriefingPack.objects.get().data == data
    assert snapshot_of(entry, ward=WARD)["entries"][0]["for_us"] != data["entries"][0]["for_us"]


def test_another_number_is_another_pack() -> None:
    entry = entry_of_two_sites(slug="ward")
    packs = [snapshot_of(entry, ward=WARD._replace(headcount=number)) for number in (150, 160, 150)]
    assert BriefingPack.objects.count() == 2
    assert content_hash(packs[0]) == content_hash(packs[2])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"basis": "modelled"}, "Only one figure says what was observed"),
        ({"population": "Staff"}, "one counts"),
    ],
)
def test_a_pack_says_why_when_the_range_is_gone_since(change: dict[str, Any], why: str) -> None:
    entry = entry_of_two_sites(slug="ward")
    entry.figures.filter(key="south").update(**change)
    publish(entry)

    told = snapshot_of(entry, ward=WARD)["entries"][0]["for_us"]

    assert told["ranges"] == []
    assert why in told["why_not"]


@pytest.mark.slow
@pytest.mark.parametrize("how_many", [2, 20])
def test_ranges_of_twenty_entries_cost_as_many_queries_as_of_two(how_many: int) -> None:
    entries = [entry_of_two_sites(slug=f"ward-{number}") for number in range(how_many)]
    chosen = {entry.slug: WARD._replace(organisation=TrustFactory().code) for entry in entries}
    with transaction.atomic():
        rows = read_entries([entry.slug for entry in entries])
        _queries_of(rows, {})  # organisations are read once and kept
        assert _queries_of(rows, chosen) - _queries_of(rows, {}) == 8


def _queries_of(rows: list[Entry], chosen: dict[str, ForUs]) -> int:
    with CaptureQueriesContext(connection) as queries:
        options = PackOptions(title="Options", for_us=chosen)
        build_snapshot(entries=rows, options=options, as_at=date(2026, 1, 31))
    return len(queries)


@pytest.mark.slow
def test_the_document_shows_it_and_stays_accessible() -> None:
    entry = entry_of_two_sites(slug="ward", where_it_may_not_work="Small wards")
    data = {**snapshot_of(entry, ward=WARD), "number": 7, "address": "http://localhost:8000/packs/token/"}

    pdf = render_pack(data)

    text = text_of(PdfReader(BytesIO(pdf)))
    for words in (
        "What could this mean for us?",
        "150 ward patients",
        "Between 1,500 and 3,800 hours a year, indicative",
        "Southtown NHS Trust",
        "Nothing is averaged",
    ):
        assert words in text, words
    assert audit(pdf).problems == []


# --- the basket -----------------------------------------------------------------------------


def test_the_button_puts_the_entry_and_its_number_in_the_basket(client: Client) -> None:
    TrustFactory(code="RWV", name="Devon Partnership NHS Trust")
    entry = entry_of_two_sites()

    answer = add(client, entry, organisation="RWV", headcount="1,500")

    assert answer["Location"] == f"/impact/for-us/{entry.slug}/?headcount=1%2C500&organisation=RWV"
    page = client.get(BASKET)
    assert page.context["basket_slugs"] == [entry.slug]
    assert "With what it could mean for Devon Partnership NHS Trust: 1,500 ward patients" in page.text


def test_the_pack_of_the_basket_holds_the_range(client: Client) -> None:
    entry = entry_of_two_sites()
    add(client, entry)
    client.post(reverse("briefings:make"), {"title": "Options", "purpose": "approval", "entry": entry.slug})
    assert BriefingPack.objects.get().data["entries"][0]["for_us"]["whom"] == "150 ward patients"


def test_a_later_number_takes_the_place_of_an_earlier_one(client: Client) -> None:
    entry = entry_of_two_sites()
    add(client, entry)
    add(client, entry, headcount=160)
    assert chosen_in(client).for_us == {entry.slug: WARD._replace(headcount=160)}


@pytest.mark.parametrize("name", ["basket_remove", "basket_clear"])
def test_the_number_goes_with_the_entry(client: Client, name: str) -> None:
    entry = entry_of_two_sites()
    add(client, entry)
    client.post(reverse(f"briefings:{name}"), {"entry": entry.slug})
    client.post(reverse("briefings:basket_add"), {"entry": entry.slug})
    assert chosen_in(client).for_us == {}


@pytest.mark.parametrize("headcount", ["0", "many", ""])
def test_a_bad_number_leads_back_to_the_form(client: Client, headcount: str) -> None:
    entry = entry_of_two_sites()

    answer = add(client, entry, headcount=headcount)

    assert answer["Location"].startswith(f"/impact/for-us/{entry.slug}/")
    assert chosen_in(client).slugs == []


def test_an_entry_that_can_not_be_scaled_leads_back_to_why(client: Client) -> None:
    entry = InnovationFactory(published=True)
    assert "We won’t guess" in client.get(add(client, entry)["Location"]).text
    assert chosen_in(client).slugs == []


def test_a_full_basket_refuses_naming_the_cap(client: Client, settings: Any) -> None:
    settings.BRIEFINGS_MAX_ENTRIES = 1
    client.post(reverse("briefings:basket_add"), {"entry": InnovationFactory(published=True).slug})

    answer = add(client, entry_of_two_sites())

    assert answer["Location"] == BASKET
    assert "A briefing pack holds at most 1 entries." in client.get(BASKET).text
    assert chosen_in(client).for_us == {}


def test_a_draft_and_a_get_are_refused(client: Client) -> None:
    entry = entry_of_two_sites()
    assert client.get(reverse("briefings:basket_add_for_us", args=[entry.slug])).status_code == 405
    assert add(client, InnovationFactory()).status_code == 404

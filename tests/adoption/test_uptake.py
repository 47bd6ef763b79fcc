"""How far an entry has been taken up, as cards and headings say it."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.adoption.uptake import stage_reached, uptake_of_entries
from tests.factories import (
    AdoptionRecordFactory,
    CoverageClaimFactory,
    InnovationFactory,
    SuccessionFactory,
    TrustFactory,
)

pytestmark = pytest.mark.django_db


def test_the_furthest_stage_anyone_reached_is_shown() -> None:
    entry = InnovationFactory()
    AdoptionRecordFactory(entry=entry, stage="piloting", on="2025")
    spread = CoverageClaimFactory(entry=entry, stage="spread", as_at="2023")
    assert stage_reached([*entry.adoption_records.all(), *entry.coverage_claims.all()]) == spread


def test_a_stop_that_nothing_follows_is_shown() -> None:
    entry = InnovationFactory()
    AdoptionRecordFactory(entry=entry, stage="adopted", on="2021")
    stopped = AdoptionRecordFactory(entry=entry, stage="stopped", stop_reason="cost", on="2025-12-05")
    assert stage_reached(entry.adoption_records.all()) == stopped


def test_a_stop_that_others_outlive_is_not_the_whole_story() -> None:
    entry = InnovationFactory()
    AdoptionRecordFactory(entry=entry, stage="stopped", stop_reason="cost", on="2022")
    going = AdoptionRecordFactory(entry=entry, stage="adopted", on="2024")
    assert stage_reached(entry.adoption_records.all()) == going


def test_nothing_reported_is_no_stage() -> None:
    assert stage_reached([]) is None


def test_it_names_who_reached_the_stage_and_the_coverage_as_files_of_lists_do(client: Client) -> None:
    entry = InnovationFactory(published=True)
    AdoptionRecordFactory(entry=entry, organisation=TrustFactory(name="First Trust"), stage="adopted", on="2020")
    TrustFactory.create_batch(3)
    told = uptake_of_entries([entry])[entry.pk]
    assert (told.stage, told.stage_text, told.who) == ("adopted", "Adopted", "First Trust")
    assert (told.coverage, told.about) == ("0% to 100%, 0% replied", "of 4 NHS trusts in England")
    answer = client.get("/innovations.json")
    listed = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert json.loads(listed)["entries"][0]["coverage"] == "0% to 100%, 0% replied, of 4 NHS trusts in England"


def test_a_claim_about_a_group_names_the_group_and_is_no_coverage() -> None:
    entry = InnovationFactory(published=True)
    CoverageClaimFactory(entry=entry, stage="spread", group="Acute trusts", share_percent=61, unit="acute trusts")
    told = uptake_of_entries([entry])[entry.pk]
    assert (told.who, told.coverage) == ("Acute trusts: 61% of acute trusts", "")


def test_only_what_is_asked_is_worked_out_in_as_many_queries_for_many(django_assert_num_queries: Any) -> None:
    asked, other = InnovationFactory.create_batch(5), InnovationFactory(published=True)
    for entry in [*asked, other]:
        AdoptionRecordFactory(entry=entry, stage="piloting", on="2020")
    uptake_of_entries([other])
    for entries in (asked[:1], asked):
        with django_assert_num_queries(6):
            told = uptake_of_entries(entries)
        assert {entry: one.stage for entry, one in told.items()} == {entry.pk: "piloting" for entry in entries}
    with django_assert_num_queries(1):
        uptake_of_entries(asked[::-1])


def test_it_says_how_many_others_reached_the_stage_on_that_day() -> None:
    entry = InnovationFactory()
    for name in ("First Trust", "Second Trust", "Third Trust"):
        AdoptionRecordFactory(entry=entry, organisation=TrustFactory(name=name), stage="adopted", on="2024")
    assert uptake_of_entries([entry])[entry.pk].who == "First Trust and 2 others"


def adopt(entry: Any, trusts: Sequence[Any], stage: str = "adopted", days_ago: int = 30) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    for trust in trusts:
        AdoptionRecordFactory(entry=entry, organisation=trust, stage=stage, on=day.isoformat())


def test_most_adopted_counts_as_the_coverage_on_the_entrys_page(client: Client) -> None:
    """Two trusts that merged are one, a stop is none, and a word that is too old only breaks ties."""
    closed, opened = timezone.localdate() - timedelta(days=10), timezone.localdate() - timedelta(days=9)
    old, trusts = TrustFactory.create_batch(2, closed_on=closed), TrustFactory.create_batch(5)
    heir = TrustFactory(opened_on=opened)
    for one in old:
        SuccessionFactory(predecessor=one, successor=heir, on=opened)
    titles = ["Merged", "Three", "Stopped", "Too old", "Too old for one", "Nothing said"]
    merged, three, stopped, too_old, too_old_for_one, _ = (
        InnovationFactory(published=True, title=title) for title in titles
    )
    adopt(merged, old)
    adopt(three, trusts[:3])
    adopt(stopped, trusts)
    for trust in trusts:
        AdoptionRecordFactory(entry=stopped, organisation=trust, stage="stopped", stop_reason="cost", on=str(opened))
    adopt(too_old, trusts, days_ago=500)
    adopt(too_old_for_one, trusts[:1], days_ago=500)

    cards = client.get(reverse("innovations:list"), {"sort": "adopted"}).context["listing"].cards
    assert [(card.title, card.ordered_by) for card in cards] == [
        ("Three", "Known to be live at 3 of 6 NHS trusts"),
        ("Merged", "Known to be live at 1 of 6 NHS trusts"),
        ("Too old", "Known to be live at 0 of 6 NHS trusts; 5 more were, not confirmed within 12 months"),
        ("Too old for one", "Known to be live at 0 of 6 NHS trusts; 1 more was, not confirmed within 12 months"),
        ("Nothing said", "No organisation reported"),
        ("Stopped", "Known to be live at 0 of 6 NHS trusts"),
    ]
    for card in cards[:2]:
        live = card.ordered_by.split()[5]
        assert f"{live} live and" in client.get(card.address).content.decode()


def test_a_new_record_is_told_at_once(client: Client) -> None:
    entry = InnovationFactory(published=True)
    assert "Not reported" in client.get(reverse("innovations:list")).content.decode()
    AdoptionRecordFactory(entry=entry, stage="piloting", on="2020")
    assert "Piloting" in client.get(reverse("innovations:list")).content.decode()

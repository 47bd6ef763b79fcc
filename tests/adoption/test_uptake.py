"""How far an entry has been taken up, as cards and headings say it."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.adoption.uptake import stage_reached, uptake_of_entries, work_out_uptake
from tests.factories import AdoptionRecordFactory, CoverageClaimFactory, InnovationFactory, TrustFactory

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


def test_it_names_who_reached_the_stage_and_the_coverage() -> None:
    entry = InnovationFactory(published=True)
    AdoptionRecordFactory(entry=entry, organisation=TrustFactory(name="First Trust"), stage="adopted", on="2020")
    TrustFactory.create_batch(3)
    told = uptake_of_entries([entry])[entry.pk]
    assert (told.stage, told.stage_text, told.who) == ("adopted", "Adopted", "First Trust")
    assert (told.coverage, told.about) == ("0% to 100%, 0% replied", "of 4 NHS trusts in England")


def test_a_claim_about_a_group_names_the_group_and_is_no_coverage() -> None:
    entry = InnovationFactory(published=True)
    CoverageClaimFactory(entry=entry, stage="spread", group="Acute trusts", share_percent=61, unit="acute trusts")
    told = uptake_of_entries([entry])[entry.pk]
    assert (told.who, told.coverage) == ("Acute trusts: 61% of acute trusts", "")


def test_what_is_reported_of_an_unpublished_entry_is_told_of_that_alone() -> None:
    hidden = InnovationFactory()
    AdoptionRecordFactory(entry=hidden, stage="piloting", on="2020")
    assert hidden.pk not in work_out_uptake()
    assert uptake_of_entries([hidden])[hidden.pk].stage == "piloting"


def test_a_new_record_is_told_at_once(client: Client) -> None:
    entry = InnovationFactory(published=True)
    assert "Not reported" in client.get(reverse("innovations:list")).content.decode()
    AdoptionRecordFactory(entry=entry, stage="piloting", on="2020")
    assert "Piloting" in client.get(reverse("innovations:list")).content.decode()

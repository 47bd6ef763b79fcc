"""What each process keeps of adoption follows what is published, and reads no more than that."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from portal.adoption import kept
from portal.adoption.kept import kept_stories
from portal.adoption.reading import GROUPS, read_adoption, walk_adoption
from portal.catalogue.models import CatalogueVersion, Entry
from portal.catalogue.places import places_on
from tests.factories import (
    AdoptionRecordFactory,
    EvidenceFactory,
    InnovationFactory,
    MembershipFactory,
    RegionFactory,
    SuccessionFactory,
    TrustFactory,
)

pytestmark = pytest.mark.django_db


def test_a_new_record_is_followed_by_reading_its_entry_alone() -> None:
    changed, other = InnovationFactory.create_batch(2, published=True)
    trust, source = TrustFactory(), EvidenceFactory()
    for entry in (changed, other):
        AdoptionRecordFactory(entry=entry, on="2024")
    before = kept_stories().stories
    AdoptionRecordFactory(entry=changed, organisation=trust, evidence=source, on="2025")
    after = kept_stories().stories
    assert len(after[changed.pk].spoken_of()) == 2
    assert after[other.pk] is before[other.pk]


def test_an_entry_that_is_withdrawn_is_kept_no_longer() -> None:
    entry = InnovationFactory(published=True)
    AdoptionRecordFactory(entry=entry, on="2024")
    assert entry.pk in kept_stories().stories
    Entry.objects.get(pk=entry.pk).unpublish(log_action=False)
    assert entry.pk not in kept_stories().stories
    assert read_adoption(entries=[entry.pk]).of(entry.pk).has_events, "who may see it may ask for it"


def test_a_merger_is_followed() -> None:
    today = timezone.localdate()
    entry, old, heir = InnovationFactory(published=True), TrustFactory(), TrustFactory()
    AdoptionRecordFactory(entry=entry, organisation=old, on=(today - timedelta(days=9)).isoformat())
    assert read_adoption().of(entry.pk).coverage(GROUPS["trust"])[:2] == (2, 1)
    old.closed_on = today - timedelta(days=2)
    old.save()
    assert read_adoption().of(entry.pk).coverage(GROUPS["trust"])[:2] == (1, 0)
    SuccessionFactory(predecessor=old, successor=heir, on=today - timedelta(days=1))
    assert read_adoption().of(entry.pk).coverage(GROUPS["trust"])[:2] == (1, 1)


def test_a_record_without_a_date_moves_with_its_sources() -> None:
    entry, source = InnovationFactory(published=True), EvidenceFactory(published="2021")
    AdoptionRecordFactory(entry=entry, evidence=source, on="")
    assert kept_stories().stories[entry.pk].first_days() == [date(2021, 1, 1)]
    source.published = "2023-05"
    source.save()
    assert kept_stories().stories[entry.pk].first_days() == [date(2023, 5, 1)]


def test_a_large_catalogue_is_walked_with_the_same_answer_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for entry in InnovationFactory.create_batch(3, published=True):
        AdoptionRecordFactory(entry=entry, on=timezone.localdate().isoformat())
    AdoptionRecordFactory(entry=InnovationFactory(), on="2026")
    few = {one.entry: one.main_coverage for one in walk_adoption(Entry.objects.public())}
    for module in ("portal.adoption.kept", "portal.adoption.reading"):
        monkeypatch.setattr(f"{module}.MOST_KEPT", 2)
    monkeypatch.setattr(kept, "_kept", None)
    monkeypatch.setattr(kept, "_are_too_many", False)
    assert {one.entry: one.main_coverage for one in walk_adoption(Entry.objects.public())} == few
    assert len(few) == 3
    one = Entry.objects.filter(pk=next(iter(few)))
    with monkeypatch.context() as patched:
        patched.setattr(kept, "read_stories", lambda *told: pytest.fail("all stories were read to look at one"))
        assert [adoption.main_coverage for adoption in walk_adoption(one)] == [few[one.get().pk]]
    assert kept_stories().stories
    assert kept._kept is None or kept._kept.stories is None


def test_places_are_kept_while_only_entries_move() -> None:
    region, trust, day = RegionFactory(), TrustFactory(), timezone.localdate()
    before = places_on(day)
    CatalogueVersion.move([InnovationFactory(published=True).pk])
    assert places_on(day) is before
    MembershipFactory(organisation=trust, within=region)
    assert region.pk in places_on(day).above(trust.pk)

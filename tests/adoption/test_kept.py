"""What each process keeps of adoption follows what is published, and reads no more than that."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.adoption import kept
from portal.adoption.kept import kept_stories
from portal.adoption.models import AdoptionRecord, CoverageClaim
from portal.adoption.reading import GROUPS, read_adoption, walk_adoption
from portal.catalogue.models import CatalogueVersion, Entry
from portal.catalogue.places import places_on
from portal.catalogue.services import publish_entry
from portal.catalogue.sharing import forget_answers
from portal.core.remembered import remembered
from portal.organisations.models import Organisation
from tests.factories import (
    AdoptionRecordFactory,
    ConfirmationPeriodFactory,
    CoverageClaimFactory,
    EvidenceFactory,
    IcbFactory,
    InnovationFactory,
    MapTileFactory,
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


def test_what_was_kept_before_anything_ever_moved_is_followed_too() -> None:
    CatalogueVersion.objects.all().delete()
    kept_stories()
    entry, trust = InnovationFactory(published=True), TrustFactory()
    AdoptionRecordFactory(entry=entry, organisation=trust, on="2025")
    assert read_adoption().of(entry.pk).standings.of(trust.pk).event


def test_what_was_worked_out_of_a_story_outlives_a_publication_that_leaves_it_as_it_is() -> None:
    entry, today = InnovationFactory(published=True), timezone.localdate()
    AdoptionRecordFactory(entry=entry, on="2025-03")
    before = read_adoption().of(entry.pk).standings
    entry.title = "Renamed"
    publish_entry(entry=entry)
    assert read_adoption().of(entry.pk).standings is before
    AdoptionRecordFactory(entry=entry, on=today.isoformat())
    assert len(read_adoption().of(entry.pk).story.spoken_of()) == 2


@pytest.fixture
def entry() -> Any:
    entry = InnovationFactory(published=True, title="Rota app", slug="rota-app")
    board = IcbFactory(name="Board")
    MapTileFactory(organisation=board)
    trust = TrustFactory(name="First trust")
    MembershipFactory(organisation=trust, within=board)
    AdoptionRecordFactory(
        entry=entry, organisation=trust, on=timezone.localdate().isoformat(), said_by="The trust", evidence=None
    )
    CoverageClaimFactory(entry=entry, group="Acute trusts", share_percent=40)
    return entry


def answers() -> list[bytes]:
    """Ask for what is told of one entry's adoption as visitors whom no whole answer helps."""
    forget_answers()
    addresses = ("/innovations/rota-app/", reverse("adoption:entry", args=["rota-app"]), "/innovations/")
    return [Client().get(address).content for address in addresses]


def made_afresh(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    remembered.cache_clear()
    monkeypatch.setattr(kept, "_kept", None)
    return answers()


def test_what_is_told_of_one_entry_stays_made_while_others_are_published(
    entry: Any, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = InnovationFactory(published=True)
    AdoptionRecordFactory(entry=other, on="2025")
    address = reverse("adoption:entry", args=["rota-app"])
    before = Client().get(address).content
    publish_entry(entry=other)
    with django_assert_max_num_queries(4):  # the mark, what moved, the other's records, the entry
        assert Client().get(address).content == before
    assert made_afresh(monkeypatch)[1] == before


def save(row: Any, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


def rename(entry: Any) -> None:
    entry.title = "Changed"
    publish_entry(entry=entry)


CHANGES: dict[str, Callable[[Any], Any]] = {
    "its title": rename,
    "a new record": lambda entry: AdoptionRecordFactory(entry=entry, on=timezone.localdate().isoformat()),
    "a stage": lambda entry: save(AdoptionRecord.objects.filter(entry=entry)[0], stage="sustained"),
    "a note": lambda entry: save(AdoptionRecord.objects.filter(entry=entry)[0], note="Changed"),
    "a claim": lambda entry: save(CoverageClaim.objects.get(entry=entry), group="Changed"),
    "a claim's source": lambda entry: save(CoverageClaim.objects.get(entry=entry).evidence, title="Changed"),
    "a source that is dead": lambda entry: save(
        CoverageClaim.objects.get(entry=entry).evidence, url="https://x.example/", unanswered_on=timezone.localdate()
    ),
    "an organisation": lambda entry: save(Organisation.objects.get(name="First trust"), name="Changed"),
    "a new trust": lambda entry: TrustFactory(),
    "the period of confirmation": lambda entry: ConfirmationPeriodFactory(valid_from="2020-01-01", months=3),
}


def test_each_kind_of_change_shows_at_the_next_request(entry: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, change in CHANGES.items():
        before = answers()
        change(type(entry).objects.get(pk=entry.pk))
        after = answers()
        assert after[1] != before[1], name
        assert after == made_afresh(monkeypatch), name

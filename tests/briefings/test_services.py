"""Asking for packs, and the steps of their making: one claim, one file, a bounded number of attempts."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.briefings import services, storage, work
from portal.briefings.models import BriefingPack
from portal.briefings.options import PackOptions
from tests.briefings.samples import queue_pack
from tests.factories import BriefingPackFactory, InnovationFactory, publish

pytestmark = pytest.mark.django_db
State = BriefingPack.State


# --- asking ---------------------------------------------------------------------------------


def test_a_pack_keeps_its_entries_their_order_and_versions():
    first, second = InnovationFactory(published=True), InnovationFactory(published=True)
    publish(second)
    pack = queue_pack(second, first)
    assert list(pack.pack_entries.values_list("position", "entry__slug", "entry_version")) == [
        (1, second.slug, 2),
        (2, first.slug, 1),
    ]


def test_asking_again_returns_the_pack_there_is():
    entry = InnovationFactory(published=True)
    assert queue_pack(entry) == queue_pack(entry)


@pytest.mark.parametrize("change", ["title", "order", "version"])
def test_other_content_is_another_pack(change):
    first, second = InnovationFactory(published=True), InnovationFactory(published=True)
    pack = queue_pack(first, second)
    if change == "version":
        publish(first)
    chosen = (second, first) if change == "order" else (first, second)
    again = queue_pack(*chosen, title="Another title" if change == "title" else "Options for the board")
    assert again != pack


def test_asking_again_after_a_failure_makes_a_new_pack():
    entry = InnovationFactory(published=True)
    failed = queue_pack(entry)
    BriefingPack.objects.filter(pk=failed.pk).update(state=State.FAILED, error="It took too long.")
    assert queue_pack(entry) != failed


def test_the_content_is_frozen_when_the_pack_is_asked_for():
    entry = InnovationFactory(published=True, title="Old title")
    pack = queue_pack(entry)
    entry.title = "New title"
    entry.save()
    publish(entry)
    pack.refresh_from_db()
    assert [row["title"] for row in pack.data["entries"]] == ["Old title"]


def test_a_pack_without_entries_is_refused():
    with pytest.raises(services.NoEntriesChosen, match="Add at least one entry"):
        services.ask_for_pack(slugs=[], options=PackOptions(title="Options"))


def test_a_pack_with_more_entries_than_the_cap_is_refused_naming_the_cap(settings):
    settings.BRIEFINGS_MAX_ENTRIES = 2
    with pytest.raises(services.TooManyEntries, match="at most 2 entries"):
        services.ask_for_pack(slugs=["a", "b", "c"], options=PackOptions(title="Options"))


def test_a_pack_of_an_entry_that_is_not_public_is_refused_naming_it():
    public, draft = InnovationFactory(published=True), InnovationFactory(slug="a-draft")
    with pytest.raises(services.EntriesNotPublished, match="a-draft") as refusal:
        services.ask_for_pack(slugs=[public.slug, draft.slug], options=PackOptions(title="Options"))
    assert refusal.value.slugs == ["a-draft"]


def test_the_number_and_token_differ_for_each_pack():
    first, second = queue_pack(title="One"), queue_pack(title="Two")
    assert second.number > first.number
    assert len(first.token) == 22
    assert first.token != second.token


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"state": "running"}, "A pack has a lease when, and only when, it is being made."),
        ({"state": "ready"}, "A ready pack has its file, size, pages and time."),
        ({"state": "failed"}, "A pack that failed says why."),
        ({"title": ""}, "Give the briefing pack a title."),
        ({"percent": 101}, "Progress is 0 to 100 percent."),
    ],
)
def test_the_database_keeps_a_packs_promises(fields, message):
    pack = BriefingPackFactory.build(**fields)
    with pytest.raises(ValidationError) as refusal:
        pack.validate_constraints()
    assert message in refusal.value.messages


# --- making ---------------------------------------------------------------------------------


def test_the_oldest_pack_is_claimed_first_and_only_once():
    older, newer = BriefingPackFactory(), BriefingPackFactory()
    assert [work.claim_due_pack(), work.claim_due_pack(), work.claim_due_pack()] == [older, newer, None]


def test_a_claim_has_a_lease_and_counts_as_an_attempt():
    BriefingPackFactory()
    claimed = work.claim_due_pack()
    assert (claimed.state, claimed.attempts, claimed.lease is not None) == (State.RUNNING, 1, True)
    assert claimed.lease_until > timezone.now()


def test_a_pack_whose_worker_went_silent_is_claimed_again():
    abandoned = BriefingPackFactory(abandoned=True)
    claimed = work.claim_due_pack()
    assert (claimed, claimed.attempts, claimed.lease == abandoned.lease) == (abandoned, 2, False)


def test_a_pack_under_way_is_left_alone():
    BriefingPackFactory(running=True)
    assert work.claim_due_pack() is None


def test_whoever_lost_the_lease_changes_nothing(tmp_path):
    late = BriefingPackFactory(abandoned=True)
    winner = work.claim_due_pack()
    unfinished = tmp_path / "late.part"
    unfinished.write_bytes(b"%PDF-late")
    assert not work.record_progress(pack=late, stage="check", percent=90)
    assert not work.finish_pack(pack=late, unfinished=unfinished, pages=3)
    work.fail_pack(pack=late, error="Late.")
    winner.refresh_from_db()
    assert (winner.state, winner.error) == (State.RUNNING, "")
    assert not unfinished.exists()


def test_progress_prolongs_the_lease():
    BriefingPackFactory()
    pack = work.claim_due_pack()
    until = pack.lease_until
    assert work.record_progress(pack=pack, stage="lay_out", percent=40)
    pack.refresh_from_db()
    assert (pack.stage, pack.percent, pack.lease_until > until) == ("lay_out", 40, True)


def test_finishing_puts_one_file_in_its_place():
    BriefingPackFactory()
    pack = work.claim_due_pack()
    assert work.finish_pack(pack=pack, unfinished=_written(pack), pages=5)
    pack.refresh_from_db()
    assert (pack.state, pack.page_count, pack.file_size, pack.lease) == (State.READY, 5, 8, None)
    assert pack.file.read() == b"%PDF-1.7"
    pack.file.close()
    assert [path.name for path in _files_of(pack)] == [f"{pack.token}.pdf"]


def _written(pack: BriefingPack) -> Path:
    unfinished = storage.unfinished_path(pack)
    unfinished.write_bytes(b"%PDF-1.7")
    return unfinished


def _files_of(pack: BriefingPack) -> list[Path]:
    return sorted(storage.unfinished_path(pack).parent.glob(f"{pack.token}*"))


def test_a_new_attempt_clears_what_an_earlier_one_left():
    pack = BriefingPackFactory(abandoned=True)
    left = _written(pack)
    again = work.claim_due_pack()
    storage.unfinished_path(again)
    assert not left.exists()


def test_a_late_finisher_whose_file_was_cleared_away_loses():
    BriefingPackFactory()
    pack = work.claim_due_pack()
    assert not work.finish_pack(pack=pack, unfinished=storage.unfinished_path(pack), pages=5)
    pack.refresh_from_db()
    assert pack.state == State.RUNNING


def test_a_worker_that_stops_gives_the_pack_back_without_an_attempt():
    BriefingPackFactory()
    pack = work.claim_due_pack()
    work.give_back_pack(pack=pack)
    pack.refresh_from_db()
    assert (pack.state, pack.attempts, pack.lease) == (State.QUEUED, 0, None)


def test_an_unexplained_death_is_tried_again_until_the_last_attempt(settings):
    settings.BRIEFINGS_MAX_ATTEMPTS = 2
    pack = BriefingPackFactory()
    states = []
    for _ in range(2):
        work.let_another_try(pack=work.claim_due_pack(), error="It died twice.")
        pack.refresh_from_db()
        states.append(pack.state)
    assert states == [State.QUEUED, State.FAILED]
    assert pack.error == "It died twice."


def test_a_pack_abandoned_on_its_last_attempt_fails_with_the_reason(settings):
    pack = BriefingPackFactory(abandoned=True, attempts=settings.BRIEFINGS_MAX_ATTEMPTS)
    assert work.claim_due_pack() is None
    work.fail_exhausted_packs()
    pack.refresh_from_db()
    assert pack.state == State.FAILED
    assert "stopped 3 times" in pack.error


def test_a_failed_pack_can_be_tried_again():
    pack = services.retry_pack(pack=BriefingPackFactory(failed=True))
    assert (pack.state, pack.attempts, pack.error) == (State.QUEUED, 0, "")


def test_trying_again_gives_the_pack_that_was_asked_for_meanwhile():
    failed = BriefingPackFactory(failed=True)
    newer = BriefingPackFactory(content_hash=failed.content_hash)
    assert services.retry_pack(pack=failed) == newer


# --- afterwards -----------------------------------------------------------------------------


def test_a_pack_past_its_keeping_loses_its_file_and_says_expired():
    old = BriefingPackFactory(ready=True, expires_at=timezone.now() - timedelta(days=1))
    kept = BriefingPackFactory(ready=True)
    path = Path(old.file.path)
    assert services.remove_expired_packs() == 1
    assert [BriefingPack.objects.get(pk=pack.pk).state for pack in (old, kept)] == [State.EXPIRED, State.READY]
    assert not path.exists()
    assert Path(kept.file.path).exists()


def test_files_that_no_pack_knows_are_removed_after_a_day():
    pack = BriefingPackFactory(running=True)
    fresh, old = _written(pack), Path(_written(pack)).with_suffix(".left.part")
    old.write_bytes(b"%PDF-1.7")
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    services.remove_expired_packs()
    assert (fresh.exists(), old.exists()) == (True, False)


def test_a_ready_pack_asked_for_again_is_kept_longer():
    entry = InnovationFactory(published=True)
    pack = queue_pack(entry)
    BriefingPack.objects.update(expires_at=timezone.now() + timedelta(days=2))
    again = queue_pack(entry)
    assert again == pack
    assert again.expires_at > timezone.now() + timedelta(days=80)

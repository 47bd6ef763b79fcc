"""Documents kept ready: made after publication, only those that show what changed, after people's packs."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.db import transaction

from portal.briefings import making, standing, work
from portal.briefings.brief import making as briefs
from portal.briefings.models import BriefingPack, StandingDocument
from portal.briefings.options import PackOptions
from portal.briefings.services import remove_expired_packs
from portal.briefings.snapshot import build_snapshot, read_entries
from portal.catalogue.models import Entry
from tests.briefings.samples import queue_pack
from tests.factories import AdoptionRecordFactory, InnovationFactory, PlanStrandFactory, ThemeFactory, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_ready(settings, nothing_is_kept_ready, monkeypatch):
    settings.BRIEFINGS_KEEP_READY = True
    settings.BRIEFINGS_SETTLE_SECONDS = 0
    monkeypatch.setattr(standing, "_seen", set())


@pytest.fixture
def laid_out(monkeypatch):
    """The entries whose briefs are laid out, without the time that takes."""
    made: list[int] = []

    def make(data, *, entry):
        made.append(entry)
        return Path()

    monkeypatch.setattr(briefs, "kept_brief", make)
    return made


def refresh() -> int:
    """See to all that is stale; return how many documents were looked at."""
    looked_at = 0
    while standing.refresh_one():
        looked_at += 1
    return looked_at


def finish_all() -> list[str]:
    """Make the queued packs at once; return what they stand for."""
    made = []
    while pack := work.claim_due_pack():
        path = pack._meta.get_field("file").storage.path(f"packs/{pack.token}.part")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(b"%PDF-1.7")
        assert work.finish_pack(pack=pack, unfinished=Path(path), pages=3)
        made.append(pack.standing)
    return sorted(made)


@pytest.fixture
def retention():
    return ThemeFactory(slug="retention", name="Retention")


def test_each_theme_strand_and_entry_gets_its_document(laid_out, retention):
    strand = PlanStrandFactory(slug="train")
    entry = InnovationFactory(published=True, themes=[retention], plan_strands=[strand])
    ThemeFactory(slug="empty")
    refresh()
    assert sorted(StandingDocument.objects.values_list("key", flat=True)) == [
        f"entry/{entry.pk}",
        "strand/train",
        "theme/retention",
    ]
    assert finish_all() == ["strand/train", "theme/retention"]
    assert laid_out == [entry.pk]


def test_once_all_is_ready_looking_again_costs_one_query(laid_out, retention, django_assert_num_queries):
    InnovationFactory(published=True, themes=[retention])
    refresh()
    with django_assert_num_queries(1):
        assert not standing.refresh_one()


def test_publishing_one_entry_makes_anew_only_what_shows_it(laid_out, retention):
    other_theme = ThemeFactory(slug="attraction")
    changed = InnovationFactory(published=True, themes=[retention])
    InnovationFactory(published=True, themes=[other_theme])
    refresh()
    finish_all()
    laid_out.clear()
    changed.summary = "Other words."
    changed.save()
    publish(changed)
    refresh()
    assert laid_out == [changed.pk]
    assert finish_all() == ["theme/retention"]
    assert BriefingPack.objects.standing_for("theme/retention").first().issue == 2


def test_a_new_issue_of_a_standing_pack_says_what_moved(laid_out, retention):
    entry = InnovationFactory(published=True, themes=[retention])
    refresh()
    finish_all()
    entry.summary = "Other words."
    entry.save()
    publish(entry)
    refresh()
    pack = BriefingPack.objects.get(state="queued")
    assert [row["others"] for row in pack.data["since"]["entries"]] == [["The text was edited: summary"]]


def test_what_changed_without_a_word_in_the_document_makes_nothing_anew(laid_out, retention):
    entry = InnovationFactory(published=True, themes=[retention])
    refresh()
    finish_all()
    entry.save()
    assert refresh() > 0
    assert finish_all() == []


def test_another_day_is_no_reason_to_make_a_pack_anew():
    entry = InnovationFactory(published=True)
    AdoptionRecordFactory(entry=entry)
    with transaction.atomic():
        entries = read_entries([entry.slug])
    on = {
        day: standing._without_day(build_snapshot(entries=entries, options=PackOptions(title="Options"), as_at=day))
        for day in (date(2026, 5, 11), date(2026, 5, 12))
    }
    assert len(set(on.values())) == 1


def test_an_entry_that_left_a_theme_leaves_its_pack(laid_out, retention):
    stays, leaves = (InnovationFactory(published=True, themes=[retention]) for _ in range(2))
    refresh()
    finish_all()
    leaves.themes = [ThemeFactory(slug="attraction")]
    leaves.save()
    publish(leaves)
    refresh()
    finish_all()
    pack = BriefingPack.objects.standing_for("theme/retention").first()
    assert [row["slug"] for row in pack.data["entries"]] == [stays.slug]


def test_an_entry_withdrawn_loses_its_document(laid_out, retention):
    entry = InnovationFactory(published=True, themes=[retention])
    refresh()
    Entry.objects.get(pk=entry.pk).unpublish(log_action=False)
    refresh()
    assert not StandingDocument.objects.exists()


def test_an_issue_that_still_waits_is_replaced_not_joined(laid_out, retention):
    entry = InnovationFactory(published=True, themes=[retention])
    refresh()
    for words in ("One.", "Two."):
        entry.summary = words
        entry.save()
        publish(entry)
        refresh()
    (pack,) = BriefingPack.objects.standing_for("theme/retention")
    assert pack.data["entries"][0]["summary"] == ["Two."]


def test_another_look_makes_every_document_anew(laid_out, retention, monkeypatch):
    InnovationFactory(published=True, themes=[retention])
    refresh()
    laid_out.clear()
    monkeypatch.setattr(standing, "_look", lambda: "newlook1")
    assert refresh() == 2
    assert len(laid_out) == 1


def test_only_the_newest_briefs_are_kept_ready(laid_out, settings):
    settings.BRIEFINGS_BRIEFS_KEPT_READY = 1
    InnovationFactory(published=True)
    newer = InnovationFactory(published=True)
    refresh()
    assert laid_out == [newer.pk]


def test_a_theme_with_more_entries_than_a_pack_holds_says_which_it_shows(laid_out, retention, settings):
    settings.BRIEFINGS_MAX_ENTRIES = 2
    InnovationFactory.create_batch(3, published=True, themes=[retention])
    refresh()
    assert BriefingPack.objects.get().title == "Retention: the 2 entries with most findings, of 3"


def test_a_brief_that_can_not_be_made_is_put_off_and_holds_up_nothing(monkeypatch, retention):
    def fails(data, *, entry):
        raise briefs.BriefFailed

    monkeypatch.setattr(briefs, "kept_brief", fails)
    InnovationFactory(published=True, themes=[retention])
    assert refresh() == 2
    assert StandingDocument.objects.get(key__startswith="entry/").busy_until
    assert StandingDocument.objects.get(key="theme/retention").busy_until is None


def test_people_come_before_standing_documents(laid_out, monkeypatch, retention):
    order = []
    monkeypatch.setattr(making, "make_pack", lambda pack: order.append(pack.standing or "a person's"))
    monkeypatch.setattr(standing, "_refresh_brief", lambda pk: order.append("a brief"))
    entry = InnovationFactory(published=True, themes=[retention])
    queue_pack(entry)
    making.make_due_packs()
    assert order == ["a person's", "theme/retention", "a brief"]


# --- handing out ----------------------------------------------------------------------------


@pytest.fixture
def standing_pack(laid_out, retention):
    InnovationFactory(published=True, themes=[retention])
    refresh()
    finish_all()
    return BriefingPack.objects.get()


BASE = "/packs/ready-made/theme/retention/"


def test_a_ready_made_pack_is_listed_read_and_downloaded_by_anyone(client, standing_pack):
    assert BASE in client.get("/packs/ready-made/").text
    assert [client.get(BASE + rest).status_code for rest in ("", "read/")] == [200, 200]
    answer = client.get(f"{BASE}retention.pdf")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert client.get(f"{BASE}retention.pdf", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_a_ready_made_file_costs_one_query(client, standing_pack, django_assert_num_queries):
    with django_assert_num_queries(1):
        b"".join(client.get(f"{BASE}retention.pdf").streaming_content)


@pytest.mark.parametrize("address", ["theme/none/", "team/retention/", "theme/none/x.pdf", "theme/none/read/"])
def test_what_is_not_there_is_not_found(client, standing_pack, address):
    assert client.get(f"/packs/ready-made/{address}").status_code == 404


def test_the_newest_issue_stays_past_its_keeping_until_another_follows(standing_pack):
    BriefingPack.objects.update(expires_at="2020-01-01T00:00Z")
    assert remove_expired_packs() == 0


def test_the_file_of_a_ready_made_pack_that_is_lost_is_made_again(client, standing_pack):
    Path(site_settings.MEDIA_ROOT, standing_pack.file.name).unlink()
    client.get(f"{BASE}retention.pdf")
    standing_pack.refresh_from_db()
    assert standing_pack.state == "queued"


@pytest.mark.slow
def test_a_brief_is_a_file_already_there_when_it_is_first_asked_for(client, monkeypatch):
    entry = InnovationFactory(published=True)
    while standing.refresh_one():
        pass
    monkeypatch.setattr(briefs, "_make", None)
    answer = client.get(entry.get_brief_url())
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")

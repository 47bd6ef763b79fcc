"""A published entry's brief: made once, served again, made anew when what it says has changed, and never a 5xx."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone
from pypdf import PdfReader

from portal.adoption.uptake import uptake_of_entries
from portal.briefings import storage
from portal.briefings.audit import audit
from portal.briefings.brief import making
from portal.briefings.brief.content import brief_of_published, hash_of
from portal.catalogue.models import Entry
from portal.catalogue.services import publish_entry
from portal.catalogue.sharing import forget_answers
from tests.briefings.samples import full_entry, quoted_figure
from tests.factories import AdoptionRecordFactory, InnovationFactory, TrustFactory, add_figure

pytestmark = pytest.mark.django_db


def files() -> set[str]:
    return {path.name for path in storage.folder_for(making.FOLDER).glob("*.*") if path.suffix != ".lock"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path) -> Iterator[None]:
    """Keep files apart; the storage hears of the change and forgets the folder it knew."""
    with override_settings(MEDIA_ROOT=tmp_path):
        yield


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Stand in for the renderer, and say what it was given."""
    given: list[dict[str, Any]] = []

    def render(data: dict[str, Any], output: Path) -> None:
        time.sleep(0.05)
        given.append(data)
        output.write_bytes(b"%PDF-1.7")

    monkeypatch.setattr(making, "_make", render)
    return given


# --- the whole way --------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_it_is_an_accessible_pdf_of_two_pages_that_says_what_the_site_says(client: Client, number: int) -> None:
    entry = full_entry(number, title="Shared rota app", contact_role="Programme manager")
    figure = quoted_figure(entry)
    AdoptionRecordFactory(entry=entry, stage="sustained", organisation__name="Anytown Trust", on="2024-05")
    adopter, stopped, _ = TrustFactory.create_batch(3)
    AdoptionRecordFactory(entry=entry, organisation=adopter, on=timezone.localdate().isoformat())
    AdoptionRecordFactory(entry=entry, organisation=stopped, stage="stopped", stop_reason="licence_cost", on="2025")
    coverage = uptake_of_entries([entry])[entry.pk].coverage
    assert coverage == "29% to 86%, 43% replied"
    answer = client.get(entry.get_brief_url())
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{entry.slug}-brief.pdf"'
    pdf = answer.content
    assert audit(pdf).problems == []
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]
    first, second = pages
    stays_at = f"versions/{Entry.objects.get(pk=entry.pk).version}/"
    for words in (
        entry.get_kind_display(),
        "Shared rota app",
        figure,
        "2023/24",
        "Strength",
        "Sustained. Anytown Trust",
        f"{coverage}, of 7 NHS trusts in England. 1 of 4 stopped: 1 licence cost.",
    ):
        assert words in first, words
    for words in ("Programme manager", "Fewer shifts stayed empty.", stays_at, "Where it may not work", "1. "):
        assert words in second, words


@pytest.mark.slow
def test_a_renderer_that_takes_too_long_is_a_page_and_not_asked_again_at_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = InnovationFactory(published=True)
    monkeypatch.setattr(settings, "BRIEFINGS_BRIEF_WALL_SECONDS", 0.01)
    answer = client.get(entry.get_brief_url())
    assert answer.status_code == 404
    assert "Try again in ten minutes" in answer.text
    assert entry.get_absolute_url() in answer.text
    monkeypatch.setattr(making, "_make", None)
    assert client.get(entry.get_brief_url()).status_code == 404


# --- made once, and anew when something has changed -----------------------------------------


def test_it_is_made_once_and_served_again(client: Client, rendered: list[Any]) -> None:
    entry = InnovationFactory(published=True)
    first, second = client.get(entry.get_brief_url()), client.get(entry.get_brief_url())
    assert first.content == second.content == b"%PDF-1.7"
    assert len(rendered) == len(files()) == 1


def test_one_that_is_there_costs_one_query(client: Client, rendered: list[Any], django_assert_num_queries: Any) -> None:
    entry = InnovationFactory(published=True)
    client.get(entry.get_brief_url())
    with django_assert_num_queries(1):
        client.get(entry.get_brief_url())


def test_a_browser_that_has_it_is_told_so(client: Client, rendered: list[Any]) -> None:
    entry = InnovationFactory(published=True)
    answer = client.get(entry.get_brief_url())
    again = client.get(entry.get_brief_url(), headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again["ETag"]) == (304, answer["ETag"])
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.parametrize("change", ["publication", "figure", "adoption"])
def test_what_changed_makes_a_new_one_and_the_old_one_goes(client: Client, rendered: list[Any], change: str) -> None:
    entry = InnovationFactory(published=True)
    old = client.get(entry.get_brief_url())["ETag"]
    if change == "publication":
        publish_entry(entry=type(entry).objects.get(pk=entry.pk))
    elif change == "figure":
        add_figure(entry)
    else:
        AdoptionRecordFactory(entry=entry)
    assert client.get(entry.get_brief_url())["ETag"] != old
    assert len(rendered) == 2
    assert len(files()) == 1


def test_another_day_makes_none_anew_unless_a_review_became_overdue(monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    entry = InnovationFactory(published=True, next_review_on=today + timedelta(days=5))

    local = timezone.localdate

    def hash_on(day: date) -> str:
        monkeypatch.setattr(timezone, "localdate", lambda moment=None: local(moment) if moment else day)
        return hash_of(brief_of_published(entry.pk))

    assert hash_on(today) == hash_on(today + timedelta(days=1))
    assert hash_on(today) != hash_on(today + timedelta(days=6))


def test_a_file_that_is_lost_is_made_again(client: Client, rendered: list[Any]) -> None:
    entry = InnovationFactory(published=True)
    client.get(entry.get_brief_url())
    for name in files():
        (storage.folder_for(making.FOLDER) / name).unlink()
    forget_answers()
    assert client.get(entry.get_brief_url()).status_code == 200
    assert len(rendered) == 2


@pytest.mark.parametrize("how_many", [1, 12])
def test_many_figures_cost_no_more_queries(how_many: int, django_assert_num_queries: Any) -> None:
    entry = InnovationFactory(published=True)
    for _ in range(how_many):
        add_figure(entry)
    with django_assert_num_queries(29):
        brief_of_published(entry.pk)


# --- who gets one ---------------------------------------------------------------------------


def test_a_draft_and_a_withdrawn_entry_have_none(client: Client, rendered: list[Any]) -> None:
    assert client.get(InnovationFactory().get_brief_url()).status_code == 404
    entry = InnovationFactory(published=True)
    client.get(entry.get_brief_url())
    Entry.objects.get(pk=entry.pk).unpublish(log_action=False)
    assert client.get(entry.get_brief_url()).status_code == 404


def test_an_unpublished_change_is_not_in_it(rendered: list[Any], client: Client) -> None:
    entry = InnovationFactory(published=True)
    entry.summary = "A quokka of a summary."
    entry.save_revision(clean=False)
    client.get(entry.get_brief_url())
    assert "quokka" not in str(rendered)


def test_a_case_studys_brief_is_not_at_an_innovations_address(client: Client) -> None:
    entry = full_entry(2)
    assert client.get(f"/innovations/{entry.slug}/brief.pdf").status_code == 404
    assert client.post(entry.get_brief_url()).status_code == 405


def test_the_entrys_page_leads_to_it(client: Client) -> None:
    entry = InnovationFactory(published=True)
    assert entry.get_brief_url() in client.get(entry.get_absolute_url()).text


# --- few at once ----------------------------------------------------------------------------


def test_many_who_ask_at_once_get_one_file(rendered: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_threads", threading.BoundedSemaphore(8))
    data = brief_of_published(InnovationFactory(published=True).pk)
    with ThreadPoolExecutor(8) as people:
        paths = set(people.map(lambda _: making.kept_brief(data, entry=1), range(8)))
    assert len(paths) == len(rendered) == 1


def test_no_more_are_made_at_once_than_there_are_places(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most, lock = 0, 0, threading.Lock()

    def render(data: dict[str, Any], output: Path) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.02)
        output.write_bytes(b"%PDF-1.7")
        with lock:
            at_once -= 1

    monkeypatch.setattr(making, "_make", render)
    monkeypatch.setattr(making, "_threads", threading.BoundedSemaphore(16))
    with ThreadPoolExecutor(16) as people:
        list(people.map(lambda number: making.kept_brief({"title": str(number)}, entry=number), range(16)))
    assert 1 <= most <= making.SLOTS
    assert len(files()) == 16


def test_when_others_are_being_made_a_page_says_so(
    client: Client, rendered: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = InnovationFactory(published=True)
    monkeypatch.setattr(making, "_threads", threading.BoundedSemaphore(1))
    making._threads.acquire()
    answer = client.get(entry.get_brief_url())
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (202, "30", "private, no-store")
    assert "Other briefs are being made just now." in answer.text
    making._threads.release()
    assert client.get(entry.get_brief_url()).status_code == 200


def test_a_place_that_is_not_given_up_is_not_waited_for_without_end(
    client: Client, rendered: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = InnovationFactory(published=True)
    monkeypatch.setattr(making, "SECONDS_FOR_A_TURN", 0.1)
    monkeypatch.setattr(making, "SLOTS", 1)
    with making._turn("another"):
        assert client.get(entry.get_brief_url()).status_code == 202
    assert client.get(entry.get_brief_url()).status_code == 200


# --- what goes wrong ------------------------------------------------------------------------


def test_a_full_disk_is_a_page_and_leaves_nothing_half_written(
    client: Client, rendered: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*paths: Path) -> None:
        raise OSError(28, "No space left on device")

    entry = InnovationFactory(published=True)
    monkeypatch.setattr(storage, "put_in_place", full)
    answer = client.get(entry.get_brief_url())
    assert answer.status_code == 404
    assert "could not be stored" in answer.text
    assert files() == set()


def test_old_files_are_removed_and_the_locks_stay(rendered: list[Any]) -> None:
    old, new = (making.kept_brief({"title": str(number)}, entry=number) for number in (1, 2))
    long_ago = time.time() - (settings.BRIEFINGS_KEEP_DAYS + 1) * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    assert making.remove_old_briefs() == 1
    assert files() == {new.name}
    assert list(new.parent.glob("*.lock"))

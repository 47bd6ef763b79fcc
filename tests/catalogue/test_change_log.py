"""What readers are told of an entry's changes, and how they cite a version."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.catalogue.models import Entry
from portal.catalogue.services import publish_revision, record_change, withdraw_entry
from tests.factories import (
    CaseStudyFactory,
    InnovationFactory,
    NetworkFactory,
    UserFactory,
    add_figure,
    publish,
)

pytestmark = pytest.mark.django_db

KINDS = pytest.mark.parametrize("factory", [InnovationFactory, CaseStudyFactory])
MARCH = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)


def words_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def publish_with(entry: Entry, *, by: Any = None, reason: str = "", **fields: Any) -> None:
    draft = type(entry)._default_manager.get(pk=entry.pk)
    for name, value in fields.items():
        setattr(draft, name, value)
    publish_revision(revision=draft.save_revision(clean=False), by=by, reason=reason)


@KINDS
def test_the_log_says_when_what_and_why_and_never_which_person(client: Client, factory: type) -> None:
    person = UserFactory(first_name="Ada", last_name="Byron", username="ada.byron")
    entry = factory(published=True, owner_network=NetworkFactory(name="Wessex network"))
    add_figure(entry, label="Hours released", value=41000)
    figures = list(type(entry)._default_manager.get(pk=entry.pk).figures.all())
    figures[0].value = 38500
    publish_with(entry, by=person, reason="The source was corrected.", figures=figures)

    page = words_of(client, entry.get_changes_url())
    assert "Hours released corrected from 41,000 hours to 38,500 hours." in page
    assert "<strong>Why:</strong> The source was corrected." in page
    assert "By Wessex network" in page
    for words in ("Ada", "Byron", "ada.byron"):
        assert words not in page


def test_the_newest_change_stands_first_with_its_day(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    innovation = InnovationFactory(published=True)
    monkeypatch.setattr(timezone, "now", lambda: MARCH.replace(year=2099))
    publish_with(innovation, title="Renamed")

    page = words_of(client, innovation.get_changes_url())
    assert f'12 March 2099: <a href="{innovation.get_version_url(2)}">version 2</a>' in page
    assert page.index("version 2</a>") < page.index("version 1</a>")


@override_settings(SITE_URL="https://portal.example.nhs.uk")
@KINDS
def test_a_version_is_cited_with_title_number_day_and_address(
    client: Client, factory: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MARCH)
    entry = factory(published=True, title="The app.")
    citation = (
        "Workforce Innovation Portal. The app. Version 1, 12 March 2026. "
        f"https://portal.example.nhs.uk{entry.get_version_url(1)}"
    )
    for address in (entry.get_changes_url(), entry.get_absolute_url(), entry.get_version_url(1)):
        assert citation in words_of(client, address)


def test_a_version_is_cited_under_the_title_it_had(client: Client) -> None:
    innovation = InnovationFactory(published=True, title="The old name")
    publish_with(innovation, title="The new name")
    page = words_of(client, innovation.get_changes_url())
    assert "The old name. Version 1," in page
    assert "The new name. Version 2," in page


def test_before_and_after_stand_side_by_side(client: Client) -> None:
    innovation = InnovationFactory(published=True, summary="It saves nurses 20 minutes a shift.")
    publish_with(innovation, summary="It saves nurses about 15 minutes a shift.")
    page = words_of(client, innovation.get_changes_url())
    assert "</span>20<span" in page
    assert "</span>about 15<span" in page


def test_a_withdrawal_is_told_once_the_entry_is_public_again(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    withdraw_entry(entry=innovation, by=UserFactory(), reason="Checked after a complaint.")
    publish(innovation)
    page = words_of(client, innovation.get_changes_url())
    assert ": withdrawn</h2>" in page
    assert "Checked after a complaint." in page
    assert "Published again. Nothing differs." in page


def test_the_way_of_a_draft_is_not_told(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    for action in ("submitted", "sent_back", "approved", "scheduled"):
        record_change(entry=innovation, action=action, by=UserFactory(), reason="Not for readers")
    assert "Not for readers" not in words_of(client, innovation.get_changes_url())


def test_hostile_words_are_shown_and_never_run(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    publish_with(innovation, title="<script>alert(1)</script>", summary="<img src=x>", reason="<b>why</b>")
    for address in (innovation.get_changes_url(), innovation.get_version_url(2)):
        page = words_of(client, address)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>why" not in page
    assert "&lt;b&gt;why" in words_of(client, innovation.get_changes_url())


def test_a_long_log_has_pages(client: Client) -> None:
    innovation = InnovationFactory(published=True, title="Name 1")
    for number in range(2, 13):
        publish_with(innovation, title=f"Name {number}")

    first, second = (words_of(client, f"{innovation.get_changes_url()}?page={page}") for page in (1, 2))
    assert "from “Name 2” to “Name 3”" in first
    assert "from “Name 1” to “Name 2”" not in first
    assert "from “Name 1” to “Name 2”" in second
    assert "</span>1<span" in second
    assert "there is no page “9”" in words_of(client, f"{innovation.get_changes_url()}?page=9").casefold()


def test_the_entry_says_its_version_and_leads_to_its_log(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    publish(innovation)
    page = words_of(client, innovation.get_absolute_url())
    assert ">Version 2</h2>" in page
    assert f'href="{innovation.get_changes_url()}"' in page


@pytest.mark.slow
@KINDS
def test_a_log_costs_the_same_for_one_change_as_for_eight(client: Client, factory: type) -> None:
    def queries(how_many: int) -> int:
        entry = factory(published=True)
        add_figure(entry)
        for number in range(how_many):
            publish_with(entry, title=f"Name {number}")
        with CaptureQueriesContext(connection) as captured:
            client.get(entry.get_changes_url())
        return len(captured)

    # One of them is the catalogue's mark, from which a 304 is answered.
    assert queries(1) == queries(8) <= 5


def test_a_log_is_only_read(client: Client) -> None:
    innovation = InnovationFactory(published=True)
    for address in (innovation.get_changes_url(), innovation.get_version_url(1)):
        assert client.post(address).status_code == 405

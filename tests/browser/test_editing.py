"""Editors' ways in a real browser: first draft to published, a figure corrected, sent back, and the wrong network."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from innovations.models import Innovation
from portal.accounts.keys import make_key
from portal.catalogue.models import MissedSearch
from portal.webhooks.models import Attempt, Webhook
from portal.webhooks.services import send_test
from tests.browser.editors import SLUG, TITLE, decide, forget, open_form, tab, wait_for_draft
from tests.browsing import PHONE, assert_fits
from tests.editing.test_unanswered import kill
from tests.evidence.rules import second_version

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("real_site")]

Check = Callable[[Page], None]


def test_from_a_first_draft_to_readers(
    sign_in: Callable[..., Page], page: Page, assert_accessible: Check, page_problems: list[str]
) -> None:
    editor = sign_in("edith")
    assert_accessible(editor)
    editor.get_by_role("link", name="New innovation").click()
    editor.get_by_role("textbox", name="Title").fill("Ward huddles by video")
    editor.get_by_role("textbox", name="Summary").fill("Ten minutes each morning, so that nobody is rung at home.")
    tab(editor, "Where it belongs")
    editor.get_by_label("Connected staff banks").check()
    tab(editor, "What it needs, and reviews")
    editor.get_by_role("textbox", name="Where it may not work").fill("Where wards have no screen.")
    editor.get_by_role("button", name="Save draft").click()
    expect(editor.get_by_text("Ward huddles by video' created", exact=False)).to_be_visible()
    entry = Innovation.objects.get(slug="ward-huddles-by-video")
    editor.goto(f"/editing/entries/{entry.pk}/compare/")
    assert_accessible(editor)
    editor.get_by_role("button", name="Submit for review").click()
    expect(editor.get_by_text("Submitted.", exact=False).first).to_be_visible()
    assert page.goto("/innovations/ward-huddles-by-video/").status == 404  # type: ignore[union-attr]
    forget(page_problems, 404)

    reviewer, publisher = sign_in("rita"), sign_in("pauline", viewport=PHONE)
    decide(reviewer, "Ward huddles by video", "Approve")
    expect(reviewer.get_by_text("It now waits for a publisher")).to_be_visible()
    decide(publisher, "Ward huddles by video", "Publish")
    expect(publisher.get_by_text("Published.", exact=True)).to_be_visible()
    assert_accessible(publisher)
    page.goto("/innovations/ward-huddles-by-video/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ward huddles by video")


def test_a_corrected_figure_waits_beside_the_live_one(sign_in: Callable[..., Page], page: Page) -> None:
    editor = sign_in("edith")
    entry = open_form(editor, SLUG)
    number = next(number for number, row in enumerate(entry.figures.all()) if row.low is None)
    tab(editor, "Figures")
    editor.locator(f"[name=figures-{number}-value]").fill("1234567")
    expect(editor.locator(f"#figures-{number}-hint")).to_contain_text(re.compile("Would be|never added up"))
    draft = wait_for_draft(SLUG, lambda draft: draft.figures.all()[number].value == 1234567)
    assert len(draft.figures.all()) == entry.figures.count()

    reviewer = sign_in("rita")
    reviewer.goto(f"/editing/entries/{entry.pk}/compare/")
    expect(reviewer.get_by_text(re.compile("1,234,567|1.2 million")).first).to_be_visible()
    page.goto(f"/innovations/{SLUG}/")
    expect(page.get_by_text("1,234,567")).to_have_count(0)


def test_sent_back_and_handed_in_again(sign_in: Callable[..., Page]) -> None:
    editor, reviewer = sign_in("edith"), sign_in("rita")
    entry = open_form(editor, SLUG)
    editor.get_by_role("textbox", name="Summary").fill("Finds and books the doctors for an assessment, in one app.")
    tab(editor, "What it needs, and reviews")
    editor.get_by_role("textbox", name="Where it may not work").fill("Where there is no signal.")
    wait_for_draft(SLUG, lambda draft: "no signal" in draft.where_it_may_not_work and "in one app" in draft.summary)
    editor.goto(f"/editing/entries/{entry.pk}/compare/")
    editor.get_by_label("Why it changes").fill("Plainer words.")
    editor.get_by_role("button", name="Submit for review").click()
    expect(editor.get_by_text("Submitted.", exact=False).first).to_be_visible()
    decide(reviewer, TITLE, "Send back", What_should_change="Say for whom.")
    editor.goto("/editing/")
    editor.get_by_role("link", name=TITLE).first.click()
    expect(editor.get_by_text("Say for whom.")).to_be_visible()
    expect(editor.get_by_label("Why it changes")).to_have_value("Plainer words.")
    editor.get_by_role("button", name="Submit for review").click()
    expect(editor.get_by_text("Submitted", exact=True).first).to_be_visible()


def test_the_wrong_network_learns_nothing(sign_in: Callable[..., Page], page_problems: list[str]) -> None:
    editor, stranger = sign_in("edith"), sign_in("olga")
    entry = open_form(editor, SLUG)
    editor.get_by_role("textbox", name="Summary").fill("A quokka of a summary.")
    wait_for_draft(SLUG, lambda draft: "quokka" in draft.summary)
    for address in (f"/editing/innovations/edit/{entry.pk}/", f"/editing/entries/{entry.pk}/compare/"):
        answer = stranger.goto(address)
        assert answer is not None
        assert answer.status == 403
        assert "quokka" not in stranger.content()
    forget(page_problems, 403)


def test_what_a_new_strength_rule_changes_is_read_before_it_is_put_in_force(
    sign_in: Callable[..., Page], page: Page, assert_accessible: Check
) -> None:
    with second_version():
        publisher = sign_in("pauline")
        publisher.get_by_role("link", name="Strength rule").click()
        assert_accessible(publisher)
        publisher.get_by_role("link", name="What version 2 would change").click()
        expect(publisher.get_by_role("row", name="Sleepio")).to_contain_text("3: moderate")
        assert_accessible(publisher)
        publisher.get_by_label("Why (readers see it)").fill("Abstracts mislead.")
        publisher.get_by_role("button", name="Put version 2 in force").click()
        expect(publisher.get_by_text("Version 2 of the strength rule is in force.", exact=False).first).to_be_visible()
        page.goto("/about/evidence-strength/")
        expect(page.get_by_text("Abstracts mislead.")).to_be_visible()


def test_the_whole_trail_is_found_from_the_form(sign_in: Callable[..., Page], assert_accessible: Check) -> None:
    reviewer = sign_in("rita")
    open_form(reviewer, SLUG)
    reviewer.get_by_role("button", name="Actions").first.click()
    expect(reviewer.get_by_role("link", name="Two-page brief (PDF)")).to_be_visible()
    reviewer.get_by_role("link", name="Whole trail").click()
    reviewer.get_by_label("From where").select_option(label="Data files")
    reviewer.get_by_role("button", name="Show").click()
    expect(reviewer.get_by_role("row", name="First published.")).to_be_visible()
    assert_accessible(reviewer)


def test_a_key_is_made_and_revoked_by_hand(sign_in: Callable[..., Page], assert_accessible: Check) -> None:
    editor = sign_in("edith")
    editor.get_by_role("link", name="Keys to the API").click()
    editor.get_by_label("System").fill("Rota system")
    editor.get_by_label("Read, write and submit the network’s drafts", exact=False).check()
    editor.get_by_role("button", name="Make the key").click()
    expect(editor.get_by_role("heading", name="The key of “Rota system”")).to_be_visible()
    assert_accessible(editor)
    editor.get_by_role("button", name="Revoke the key of Rota system", exact=False).click()
    expect(editor.get_by_text("Revoked. “Rota system”", exact=False).first).to_be_visible()


@pytest.fixture
def kept(people: None) -> list[str]:
    """The pages that editors keep, with a dead source, a webhook that tried, a key and a search that found nothing."""
    entry, person = Innovation.objects.get(slug=SLUG), get_user_model().objects.get(username="pauline")
    person.network_roles.update(role="administrator")
    kill(entry.evidence_links.first().evidence)
    address = "https://rota.example.nhs.uk/a/long/path/to/what/hears/of/it/and-some-more-of-it"
    webhook = Webhook.objects.create(network=entry.owner_network, address=address, events=["entry.published"])
    said = "502 Bad Gateway: upstream-connect-error-or-disconnect-before-headers"
    Attempt.objects.create(delivery=send_test(webhook), milliseconds=10_000, status=502, said=said)
    MissedSearch.objects.create(words="a search of many words that nobody found", month="2026-11-01", times=3)
    make_key(network=entry.owner_network, name="Rota system", scopes=["drafts", "adoption"], days=30, by=person)
    pages = ["people/", "people/trail/", "keys/", "webhooks/", f"webhooks/{webhook.pk}/", "unanswered/", "not-found/"]
    return [*pages, f"entries/{entry.pk}/trail/", f"entries/{entry.pk}/adoption/", "adoption/", "strength-rule/"]


def test_what_editors_keep_fits_a_phone(
    kept: list[str], sign_in: Callable[..., Page], assert_accessible: Check
) -> None:
    publisher = sign_in("pauline", viewport=PHONE)
    for address in kept:
        publisher.goto(f"/editing/{address}")
        assert_accessible(publisher)
        assert_fits(publisher)

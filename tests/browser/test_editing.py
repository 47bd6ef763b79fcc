"""Editors' ways in a real browser: first draft to published, a figure corrected, sent back, and the wrong network."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from casestudies.models import CaseStudy
from innovations.models import Innovation
from portal.accounts.models import NetworkRole
from portal.editing.services import draft_of
from portal.editing.workflow import make_workflow
from portal.organisations.models import Organisation
from tests.browsing import DESKTOP, PHONE
from tests.evidence.rules import second_version

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("real_site")]

Check = Callable[[Page], None]
PASSWORD = "long-enough-for-a-test"
OWN, OTHER = "hin-wessex", "hin-east"
SLUG, TITLE = "electronic-repeat-dispensing", "Electronic repeat dispensing (eRD)"


@pytest.fixture
def people(real_site: None) -> None:
    """An editor and a reviewer of one network, a reviewer of another, and a publisher; one entry is the network's."""
    make_workflow()
    for name, role, network in (
        ("edith", "editor", OWN),
        ("rita", "reviewer", OWN),
        ("olga", "reviewer", OTHER),
        ("pauline", "publisher", None),
    ):
        person = get_user_model().objects.create_user(name, password=PASSWORD)
        where = Organisation.objects.get(code=network) if network else None
        NetworkRole.objects.create(user=person, role=role, network=where)
    entry = Innovation.objects.get(slug=SLUG)
    entry.owner_network = Organisation.objects.get(code=OWN)
    entry.where_it_may_not_work = entry.where_it_may_not_work or "Where there is no signal."
    entry.save(update_fields=["owner_network"])


@pytest.fixture
def sign_in(people: None, open_page: Callable[..., Page]) -> Callable[..., Page]:
    def enter(name: str, **options: Any) -> Page:
        page = open_page(**options)
        page.goto("/editing/")
        page.locator("[name=username]").fill(name)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Start")
        return page

    return enter


def open_form(page: Page, slug: str) -> Any:
    """Open an entry's form, and wait until it watches for edits: what is typed before goes unseen."""
    entry = Innovation.objects.get(slug=slug)
    page.add_init_script(
        "document.addEventListener('w-unsaved:watch-edits', () => { document.documentElement.dataset.watches = '' })"
    )
    page.goto(f"/editing/innovations/edit/{entry.pk}/")
    page.wait_for_selector("html[data-watches]")
    return entry


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def choose(page: Page, button: str, words: str, title: str) -> None:
    """Find something in a chooser by words and take it."""
    page.get_by_role("button", name=button).last.click()
    page.get_by_role("textbox", name="Search").fill(words)
    page.get_by_role("dialog").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def decide(page: Page, title: str, button: str, **reasons: str) -> None:
    """Open what waits from the start page and decide it."""
    page.goto("/editing/")
    page.get_by_role("link", name=title).first.click()
    for label, reason in reasons.items():
        page.get_by_label(label.replace("_", " ").capitalize()).fill(reason)
    page.get_by_role("button", name=button, exact=True).click()


def forget(problems: list[str], status: int) -> None:
    """Drop what Chromium logged of answers that the test means to get."""
    problems[:] = [one for one in problems if f"status of {status}" not in one]


def wait_for_draft(slug: str, holds: Callable[[Any], bool]) -> Any:
    """Wait until the form has saved itself: until the draft in the database holds what was typed."""
    deadline = time.monotonic() + 15
    while not holds(draft := draft_of(Innovation.objects.get(slug=slug))):
        assert time.monotonic() < deadline, "The draft was not saved."
        time.sleep(0.2)
    return draft


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


def test_figures_added_and_removed_while_it_saves_itself_stay_as_many(
    sign_in: Callable[..., Page], page_problems: list[str]
) -> None:
    """Autosave posts the form again and again: a row that is new must not come twice."""
    editor = sign_in("edith")
    rows = open_form(editor, SLUG).figures.count()
    tab(editor, "Figures")
    editor.get_by_role("button", name="Add figure").click()
    new = f"figures-{rows}"
    editor.locator(f"[name={new}-label]").fill("A figure of its own")
    editor.locator(f"[name={new}-value]").fill("12")
    choose(editor, "Choose a measure", "staff hours released", "Staff hours released")
    for name, value in (("role", "benefit"), ("basis", "observed"), ("achievement", "achieved")):
        editor.locator(f"[name={new}-{name}]").select_option(value)
    editor.locator(f"[name={new}-period_kind]").select_option("not_stated")
    choose(editor, "Choose a source", "NICE", "NICE")
    wait_for_draft(SLUG, lambda draft: any(row.value == 12 for row in draft.figures.all()))
    editor.locator(f"[name={new}-value]").fill("13")
    draft = wait_for_draft(SLUG, lambda draft: any(row.value == 13 for row in draft.figures.all()))
    labels = [row.label for row in draft.figures.all()]
    assert labels.count("A figure of its own") == 1
    assert len(labels) == rows + 1
    forget(page_problems, 400)  # while the new row was incomplete it could not be saved


def test_sent_back_and_handed_in_again(sign_in: Callable[..., Page]) -> None:
    editor, reviewer = sign_in("edith"), sign_in("rita")
    entry = open_form(editor, SLUG)
    editor.get_by_role("textbox", name="Summary").fill("Finds and books the doctors for an assessment, in one app.")
    tab(editor, "What it needs, and reviews")
    editor.get_by_role("textbox", name="Where it may not work").fill("Where there is no signal.")
    wait_for_draft(SLUG, lambda draft: "no signal" in draft.where_it_may_not_work and "in one app" in draft.summary)
    editor.goto(f"/editing/entries/{entry.pk}/compare/")
    editor.get_by_role("button", name="Submit for review").click()
    decide(reviewer, TITLE, "Send back", What_should_change="Say for whom.")
    editor.goto("/editing/")
    editor.get_by_role("link", name=TITLE).first.click()
    expect(editor.get_by_text("Say for whom.")).to_be_visible()
    editor.get_by_role("button", name="Submit for review").click()
    expect(editor.get_by_text("Submitted", exact=True).first).to_be_visible()


TABS = ("What it is", "Where it belongs", "Figures", "Evidence", "What it needs, and reviews")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_tab_of_both_forms_is_accessible(
    sign_in: Callable[..., Page], assert_accessible: Check, viewport: Any
) -> None:
    publisher = sign_in("pauline", viewport=viewport)
    study = CaseStudy.objects.exclude(participants=None).first()
    assert study is not None
    open_form(publisher, SLUG)
    forms = (publisher.url, f"/editing/case-studies/edit/{study.pk}/")
    for address in forms:
        publisher.goto(address)
        for name in TABS:
            tab(publisher, name)
            assert_accessible(publisher)


def test_an_organisation_is_added_by_keyboard_alone(sign_in: Callable[..., Page], assert_accessible: Check) -> None:
    editor = sign_in("edith")
    open_form(editor, SLUG)
    editor.get_by_role("tab", name="Where it belongs").press("Enter")
    many = editor.locator("[data-many=lead_organisations]")
    button = many.get_by_role("button", name="Add an organisation")
    button.press("Enter")
    expect(editor.get_by_role("textbox", name="Search")).to_be_visible()
    assert_accessible(editor)
    editor.keyboard.press("Escape")
    expect(button).to_be_focused()
    button.press("Enter")
    editor.get_by_role("textbox", name="Search").press_sequentially("airedale")
    editor.get_by_role("dialog").get_by_role("link", name="Airedale").first.press("Enter")
    expect(many.get_by_role("checkbox", name="Airedale NHS Foundation Trust (RCF)")).to_be_checked()
    expect(button).to_be_focused()
    wait_for_draft(SLUG, lambda draft: draft.lead_organisations.filter(code="RCF").exists())


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

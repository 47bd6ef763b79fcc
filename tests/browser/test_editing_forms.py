"""An entry's form in a real browser: by keyboard, while it saves itself, with problems, and after a sign-out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db.models import Count
from django.urls import reverse
from playwright.sync_api import Page, expect

from casestudies.models import CaseStudy
from innovations.models import Innovation
from portal.editing.readiness import missing_from
from portal.editing.services import draft_of
from tests.browser.editors import (
    SLUG,
    TABS,
    choose,
    choose_by_keyboard,
    fill_sign_in,
    forget,
    open_form,
    press_tab_of_form,
    reach,
    tab,
    wait_for_draft,
    wait_for_matches,
    wait_for_no_chooser,
)
from tests.browsing import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("real_site")]

Check = Callable[[Page], None]


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


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_tab_of_both_forms_is_accessible(
    sign_in: Callable[..., Page], assert_accessible: Callable[..., None], viewport: Any
) -> None:
    """The whole with the first tab; of the others what they show: the ten thousand parts around stay as they are.

    Of each kind the entry with rows of every kind and the fewest figures: a figure is six hundred parts.
    """
    publisher = sign_in("pauline", viewport=viewport)
    for entries in (Innovation.objects, CaseStudy.objects.exclude(participants=None)):
        several = entries.exclude(claims=None).exclude(figures=None).exclude(evidence_links=None)
        entry = several.exclude(other_names=None).annotate(said=Count("figures", distinct=True)).order_by("said")[0]
        publisher.goto(reverse(f"{entry._meta.model_name}:edit", args=[entry.pk]))
        assert_accessible(publisher)
        for name in TABS[1:]:
            tab(publisher, name)
            assert_accessible(publisher, "[role=tabpanel]:not([hidden])")


def test_an_organisation_is_added_by_keyboard_alone(sign_in: Callable[..., Page], assert_accessible: Check) -> None:
    editor = sign_in("edith")
    open_form(editor, SLUG)
    editor.get_by_role("tab", name="Where it belongs").press("Enter")
    many = editor.locator("[data-many=lead_organisations]")
    button = many.get_by_role("button", name="Add an organisation")
    search = editor.get_by_role("textbox", name="Search")
    button.press("Enter")
    expect(search).to_be_focused()
    assert_accessible(editor)
    behind = editor.locator("[name=workforce_challenges]").first
    behind.focus()
    expect(behind).not_to_be_focused()
    editor.keyboard.press("Escape")
    expect(button).to_be_focused()
    behind.focus()
    expect(behind).to_be_focused()
    wait_for_no_chooser(editor)
    button.press("Enter")
    expect(search).to_be_focused()
    editor.keyboard.type("airedale")
    wait_for_matches(editor)
    editor.get_by_role("dialog").get_by_role("link", name="Airedale").first.press("Enter")
    expect(many.get_by_role("checkbox", name="Airedale NHS Foundation Trust (RCF)")).to_be_checked()
    expect(button).to_be_focused()
    wait_for_draft(SLUG, lambda draft: draft.lead_organisations.filter(code="RCF").exists())


def test_a_whole_draft_is_written_by_keyboard_alone(sign_in: Callable[..., Page], assert_accessible: Check) -> None:
    editor = sign_in("edith")

    def write(name: str, text: str) -> None:
        reach(editor, editor.locator(f"[name='{name}']"))
        editor.keyboard.type(text)

    def press(button: str, key: str = "Enter") -> None:
        reach(editor, editor.get_by_role("button", name=button, exact=True))
        editor.keyboard.press(key)

    reach(editor, editor.get_by_role("link", name="New innovation"))
    editor.keyboard.press("Enter")
    press("Save draft")
    expect(editor.get_by_text("This field is required.")).to_have_count(2)
    assert_accessible(editor)
    write("title", "Ward huddles by video")
    write("summary", "Ten minutes each morning, so that nobody is rung at home.")
    press_tab_of_form(editor, "Where it belongs")
    reach(editor, editor.get_by_role("checkbox", name="Connected staff banks"))
    editor.keyboard.press("Space")
    press_tab_of_form(editor, "Figures")
    press("Add Figure")
    write("figures-0-label", "Hours released")
    choose_by_keyboard(
        editor, editor.get_by_role("button", name="Choose a measure"), "staff hours released", "Staff hours released"
    )
    write("figures-0-value", "1250")
    for name, answer in (("role", "Benefit"), ("basis", "Observed"), ("achievement", "Achieved")):
        write(f"figures-0-{name}", answer)
    write("figures-0-period_kind", "Not stated")
    reach(editor, editor.locator("[name='figures-0-place_not_stated']"))
    editor.keyboard.press("Space")
    choose_by_keyboard(editor, editor.get_by_role("button", name="Choose a source"), "NICE", "NICE")
    press_tab_of_form(editor, "Evidence")
    press("Add Source")
    choose_by_keyboard(editor, editor.get_by_role("button", name="Choose a source"), "NICE", "NICE")
    write("evidence_links-0-finding", "Huddles saved ten minutes a day.")
    press_tab_of_form(editor, "What it needs, and reviews")
    write("where_it_may_not_work", "Where wards have no screen.")
    press("Save draft")
    expect(editor.get_by_text("Ward huddles by video' created", exact=False)).to_be_visible()
    draft = draft_of(Innovation.objects.get(slug="ward-huddles-by-video"))
    (figure,), (link,) = draft.figures.all(), draft.evidence_links.all()
    assert (figure.value, figure.basis, figure.period_kind) == (1250, "observed", "not_stated")
    assert (figure.place_not_stated, figure.measure.name) == (True, "Staff hours released")
    assert link.finding == "Huddles saved ten minutes a day."
    assert missing_from(draft) == []


def test_who_is_signed_out_while_writing_keeps_what_was_typed(
    sign_in: Callable[..., Page], assert_accessible: Check, page_problems: list[str]
) -> None:
    editor = sign_in("edith")
    editor.get_by_role("link", name="New innovation").click()
    editor.get_by_role("textbox", name="Title").fill("Ward huddles by video")
    Session.objects.all().delete()
    editor.get_by_role("button", name="Save draft").click()
    notice = editor.get_by_role("alert").filter(has_text="You were signed out")
    expect(notice).to_contain_text("What you typed is still here")
    assert_accessible(editor)
    with editor.expect_popup() as opened:
        notice.get_by_role("link", name="Sign in").click()
    fill_sign_in(opened.value, "edith")
    expect(editor.get_by_role("alert").filter(has_text="You are signed in as edith")).to_be_visible()
    editor.get_by_role("button", name="Save draft").click()
    expect(editor.get_by_text("Ward huddles by video' created", exact=False)).to_be_visible()
    forget(page_problems, 403)


def test_without_javascript_a_form_that_came_too_late_is_sent_again(
    sign_in: Callable[..., Page], page_problems: list[str]
) -> None:
    reviewer = sign_in("rita", java_script_enabled=False)
    entry = Innovation.objects.get(slug=SLUG)
    reviewer.goto(f"/editing/entries/{entry.pk}/adoption/")
    reviewer.get_by_label("Organisation’s code").fill("RQM")
    reviewer.get_by_label("Stage", exact=True).select_option("adopted")
    reviewer.get_by_label("When").fill("2026-03")
    reviewer.get_by_label("Who said so").fill("Chief pharmacist’s office")
    Session.objects.all().delete()
    reviewer.get_by_role("button", name="Record").click()
    expect(reviewer.get_by_role("heading", level=1)).to_have_text("You were signed out, so nothing was saved")
    elsewhere = reviewer.context.new_page()
    elsewhere.goto("/editing/")
    fill_sign_in(elsewhere, "rita")
    reviewer.get_by_role("button", name="Send it again").click()
    expect(reviewer.locator("main")).to_contain_text("Chief pharmacist’s office")
    forget(page_problems, 403)

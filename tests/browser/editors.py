"""What editors do in a browser, in the words of their screens; who they are is in `conftest.py`."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from innovations.models import Innovation
from portal.editing.services import draft_of

PASSWORD = "long-enough-for-a-test"
OWN, OTHER = "hin-wessex", "hin-east"
SLUG, TITLE = "electronic-repeat-dispensing", "Electronic repeat dispensing (eRD)"
FARTHEST = 150
"""Stops from one end of a form's tab to the other, and some more."""
TABS = ("What it is", "Where it belongs", "Figures", "Evidence", "What it needs, and reviews")


def fill_sign_in(page: Page, name: str) -> None:
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Start")


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


def wait_for_no_chooser(page: Page) -> None:
    """Wait until a chooser is gone: until then it takes what is typed."""
    expect(page.locator(".modal-dialog")).to_have_count(0)


def wait_for_matches(page: Page) -> None:
    """Wait until a chooser lists what was searched for, in place of what it lists at first."""
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("match")


def choose(page: Page, button: str, words: str, title: str) -> None:
    """Find something in a chooser by words and take it."""
    page.get_by_role("button", name=button).last.click()
    page.get_by_role("textbox", name="Search").fill(words)
    wait_for_matches(page)
    page.get_by_role("dialog").get_by_role("link", name=title).first.click()
    wait_for_no_chooser(page)


def reach(page: Page, target: Locator, *, key: str = "Tab") -> None:
    """Get to something by keyboard alone; fail if it can't be reached."""
    expect(target).to_be_visible()
    for _ in range(FARTHEST):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"Not reached by {key}: {target}")


def press_tab_of_form(page: Page, name: str) -> None:
    """Open a tab of the form by keyboard: the tabs are one stop, and arrows go along them."""
    reach(page, page.locator("[role=tab][aria-selected=true]:visible"), key="Shift+Tab")
    reach(page, page.get_by_role("tab", name=name), key="ArrowRight")
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")


def choose_by_keyboard(page: Page, button: Locator, words: str, title: str) -> None:
    """Find something in a chooser by words and take it; the keyboard comes back to where it was."""
    reach(page, button)
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("textbox", name="Search"))
    page.keyboard.type(words)
    wait_for_matches(page)
    found = page.get_by_role("dialog").get_by_role("link", name=title).first
    reach(page, found)
    page.keyboard.press("Enter")
    wait_for_no_chooser(page)


def decide(page: Page, title: str, button: str, **reasons: str) -> None:
    """Open what waits from the start page and decide it."""
    page.goto("/editing/")
    page.get_by_role("link", name=title).first.click()
    for label, reason in reasons.items():
        page.get_by_label(label.replace("_", " ").capitalize()).fill(reason)
    with page.expect_navigation():
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

"""Finding in a real browser: names by keyboard, filters that stay as they were, and the same without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("real_site")]


def test_finding_by_keyboard_and_with_filters_in_place(page: Page, assert_accessible: Callable[[Page], None]) -> None:
    page.goto("/catalogue/")
    box = page.get_by_role("combobox", name="Words to look for")
    box.focus()
    page.keyboard.type("electr")
    expect(page.get_by_role("listbox")).to_be_visible()
    expect(page.locator(".app-suggests [role=status]")).to_contain_text("Use the up and down arrows to choose")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".app-suggestions [aria-selected=true]")).to_have_count(1)
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.fill("")

    page.locator("#facet-icb summary").click()
    page.get_by_label("Look through Integrated care board").fill("devon")
    page.locator("#facet-icb").get_by_label(re.compile("^NHS Devon|^Devon")).check()
    expect(page).to_have_url(re.compile("icb="))
    expect(page.locator("#facet-icb")).to_have_attribute("open", "")
    expect(page.get_by_label("Look through Integrated care board")).to_have_value("devon")
    expect(page.locator("#result-count")).to_contain_text("showing")

    page.goto("/catalogue/?q=collaborative+bank")
    page.get_by_label("Sort by").select_option(label="Newest")
    expect(page).to_have_url(re.compile("sort=newest"))
    expect(page.locator(".app-card__order").first).to_contain_text("First published")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#result-count")).to_be_focused()

    box.fill("robotic process")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    title = page.locator(".app-suggestions [aria-selected=true]").inner_text().rpartition(" (")[0]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def test_the_same_question_without_javascript(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/catalogue/")
    page.get_by_label("Words to look for").fill("pasporting")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="passporting").click()
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_label("Sort by").select_option(label="Largest observed benefit")
    page.get_by_role("button", name="Sort", exact=True).click()
    expect(page.get_by_label("Measure of the benefit")).to_be_visible()
    expect(page).to_have_url(re.compile("sort=benefit"))


def test_a_comparison_stands_side_by_side_on_paper(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 718, "height": 1000})  # an upright A4 page between its margins
    page.goto("/compare/?entry=sleepio&entry=virtual-wards")
    page.emulate_media(media="print")
    cells = page.locator(".app-compare tbody tr").first.locator("td")
    (one, other) = (cell.bounding_box() for cell in cells.all())
    assert one
    assert other
    assert one["y"] == other["y"]
    assert one["x"] < other["x"]

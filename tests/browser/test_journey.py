"""A trust leader's whole way: home, filter, entry, basket, pack ready, download. Axe runs on each page."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.pdfs import text_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.worker, pytest.mark.usefixtures("real_site")]

Check = Callable[[Page], None]


def test_from_home_to_a_briefing_on_the_desk(
    page: Page, assert_accessible: Check, start_worker: Callable[[], object], tmp_path: Path
) -> None:
    start_worker()
    page.goto("/")
    assert_accessible(page)
    page.get_by_role("link", name="innovations", exact=False).filter(has_text="Tools, roles").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Innovations")
    page.get_by_label(re.compile("^Automation")).check()
    expect(page.locator("#result-count")).to_contain_text("2 innovations")
    expect(page).to_have_url(re.compile("kind=automation"))
    expect(page.get_by_label(re.compile("^Automation"))).to_be_focused()
    assert_accessible(page)

    page.get_by_role("link", name=re.compile("Robotic process automation")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Robotic process automation")
    assert_accessible(page)
    page.get_by_role("button", name=re.compile("^Add .* to basket")).click()
    expect(page.locator("#basket-count")).to_have_text("1")

    page.goto("/case-studies/?q=collaborative+bank")
    page.get_by_role("button", name=re.compile("Add North West Doctors")).click()
    expect(page.locator("#basket-count")).to_have_text("2")
    page.locator("#basket-link").click()
    assert_accessible(page)
    page.get_by_role("button", name=re.compile("^Move up")).click()
    expect(page.locator(".app-basket li").first).to_contain_text("North West Doctors")
    page.get_by_label("Title").fill("Options for the board")
    page.get_by_role("button", name="Make the briefing pack").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Options for the board")
    expect(page.get_by_role("link", name=re.compile("Download the PDF"))).to_be_visible(timeout=60_000)
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download the PDF")).click()
    file = tmp_path / "pack.pdf"
    download.value.save_as(file)
    text = text_of(PdfReader(file))
    assert "Options for the board" in text
    assert text.index("1. North West Doctors") < text.index("2. Robotic process automation")
    assert "42 of 42" in text


def test_the_same_way_without_javascript(
    page_without_javascript: Page, start_worker: Callable[[], object], tmp_path: Path
) -> None:
    page = page_without_javascript
    start_worker()
    page.goto("/case-studies/")
    page.get_by_label(re.compile("^Connected staff banks")).check()
    page.get_by_role("button", name="Show results").click()
    expect(page.locator("#result-count")).to_contain_text("case studies")
    expect(page.get_by_role("link", name="Remove filter Connected staff banks")).to_be_visible()
    page.get_by_role("link", name=re.compile("North West Doctors")).first.click()
    page.get_by_role("button", name="Make a PDF briefing").click()
    expect(page.get_by_role("link", name=re.compile("Download the PDF"))).to_be_visible(timeout=60_000)


def test_the_keyboard_goes_on_from_the_heading_when_a_row_is_gone(page: Page) -> None:
    for slug in ("sleepio", "e-rostering"):
        page.goto(f"/innovations/{slug}/")
        page.get_by_role("button", name=re.compile("^Add .* to basket")).click()
        expect(page.get_by_role("button", name=re.compile("^Remove .* from basket"))).to_be_visible()
    page.goto("/packs/basket/")
    page.get_by_role("button", name="Remove Sleepio").focus()
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="1 entry chosen")
    expect(heading).to_be_focused()
    expect(page.locator("#basket-count")).to_have_text("1")


def test_filters_open_as_a_sheet_on_a_phone(phone: Page, assert_accessible: Check) -> None:
    phone.goto("/innovations/")
    expect(phone.get_by_label(re.compile("^Automation"))).to_be_hidden()
    phone.get_by_role("button", name="Filters").click()
    expect(phone.get_by_label(re.compile("^Automation"))).to_be_visible()
    assert_accessible(phone)
    phone.get_by_label(re.compile("^Automation")).check()
    expect(phone.locator("#result-count")).to_contain_text("2 innovations")
    phone.get_by_role("button", name="Show results").click()
    expect(phone.get_by_label(re.compile("^Automation"))).to_be_hidden()
    expect(phone.get_by_role("link", name="Remove filter Automation")).to_be_visible()
    expect(phone.get_by_role("button", name="Filters (1 on)")).to_be_visible()


def test_the_back_button_brings_the_list_back_as_it_was(page: Page) -> None:
    page.goto("/innovations/")
    page.get_by_label(re.compile("^Automation")).check()
    expect(page.locator("#result-count")).to_contain_text("2 innovations")
    page.get_by_role("link", name=re.compile("Robotic process automation")).first.click()
    page.go_back()
    expect(page.locator("#result-count")).to_contain_text("2 innovations")
    expect(page.get_by_label(re.compile("^Automation"))).to_be_checked()
    page.go_back()
    expect(page.locator("#result-count")).to_contain_text("35 innovations")
    expect(page.get_by_label(re.compile("^Automation"))).not_to_be_checked()


def test_a_filter_is_set_and_followed_by_keyboard_alone(page: Page) -> None:
    page.goto("/innovations/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.get_by_label(re.compile("^Automation")).focus()
    page.keyboard.press("Space")
    expect(page.locator("#result-count")).to_contain_text("2 innovations")
    page.get_by_role("link", name=re.compile("Robotic process automation")).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Robotic process automation")

"""Packs in a real browser: chosen in place, put in order, built, previewed, shared, renewed. Axe runs on each page."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.briefings.models import BriefingPack
from portal.catalogue.models import Entry
from portal.catalogue.services import publish_entry

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.worker, pytest.mark.usefixtures("real_site")]

CHOSEN = ("e-rostering", "sleepio", "virtual-wards")
Check = Callable[[Page], None]


def choose(page: Page) -> None:
    for slug in CHOSEN:
        page.goto(f"/innovations/{slug}/")
        page.evaluate("window.stillHere = true")
        page.get_by_role("button", name=re.compile("^Add .* to basket")).first.click()
        expect(page.get_by_role("button", name=re.compile("^Remove .* from basket")).first).to_be_focused()
        assert page.evaluate("window.stillHere"), "the page was loaded again"
    expect(page.locator("#basket-count")).to_have_text("3")


def rows(page: Page) -> list[str]:
    return [str(row.get_attribute("id")).removeprefix("chosen-") for row in page.locator(".app-basket > li").all()]


def drag(page: Page, row: int, onto: int) -> None:
    handle = page.locator(".app-basket__number").nth(row).bounding_box()
    target = page.locator(".app-basket > li").nth(onto).bounding_box()
    assert handle
    assert target
    page.mouse.move(handle["x"] + 4, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(handle["x"] + 4, target["y"] + target["height"] - 3, steps=8)
    page.mouse.up()


def test_a_pack_from_the_first_choice_to_its_second_issue(
    page: Page,
    browser: Browser,
    assert_accessible: Check,
    start_worker: Callable[..., object],
    page_problems: list[str],
) -> None:
    start_worker()
    choose(page)
    page.goto("/packs/basket/")
    title = page.get_by_label("Title on the cover")
    title.fill("Options for the board")

    put_in_another_order(page)
    expect(title).to_have_value("Options for the board")

    title.fill("")
    page.get_by_role("button", name="Make the briefing pack").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a title for the briefing pack")
    page_problems.clear()  # the browser itself logs the 422
    assert_accessible(page)
    title.fill("Options for the board")
    page.get_by_label("Your recommendation").fill("That the board approve a pilot.")
    page.get_by_label(re.compile("^Only me")).check()
    page.get_by_role("button", name="Preview it").click()
    expect(page.get_by_text("That the board approve a pilot.").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Make the briefing pack").click()

    expect(page.get_by_role("link", name=re.compile("Download the PDF"))).to_be_visible(timeout=90_000)
    page.get_by_role("button", name="Make a share link").click()
    assert_accessible(page)
    show_a_visitor_and_take_the_link_back(page, browser, assert_accessible)

    change_a_figure_of("e-rostering")
    first = BriefingPack.objects.get()
    page.goto("/packs/mine/")
    expect(page.locator(".app-pack-list .app-moves")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("see which figures moved")).click()
    expect(page.get_by_role("heading", name="What has moved since")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Make a new issue").click()
    expect(page.get_by_role("link", name=re.compile("Download the PDF"))).to_be_visible(timeout=90_000)
    page.goto(first.get_short_url())
    expect(page.get_by_text("Superseded")).to_be_visible()
    assert_accessible(page)


def put_in_another_order(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Move up")).last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#basket-said")).to_contain_text("is now number 2 of 3.")
    assert rows(page) == ["e-rostering", "virtual-wards", "sleepio"]
    drag(page, 0, onto=2)
    expect(page.locator("#basket-said")).to_contain_text("is now number 3 of 3.")
    assert rows(page) == ["virtual-wards", "sleepio", "e-rostering"]


def show_a_visitor_and_take_the_link_back(page: Page, browser: Browser, assert_accessible: Check) -> None:
    link = page.locator(".app-share-link").inner_text()
    visitor = browser.new_context().new_page()
    visitor.goto(link)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Options for the board")
    assert_accessible(visitor)
    page.get_by_role("button", name=re.compile("^Take this link back")).click()
    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("This link no longer works")
    assert_accessible(visitor)
    visitor.context.close()


def change_a_figure_of(slug: str) -> None:
    entry = Entry.objects.get(slug=slug).specific
    figure = entry.figures.exclude(value=None).first()
    figure.value += 7
    figure.save()
    publish_entry(entry=type(entry)._default_manager.get(pk=entry.pk))


def test_a_row_is_put_in_order_and_removed_without_javascript(page_without_javascript: Page) -> None:
    page = page_without_javascript
    for slug in CHOSEN[:2]:
        page.goto(f"/innovations/{slug}/")
        page.get_by_role("button", name=re.compile("^Add .* to basket")).first.click()
    page.goto("/packs/basket/")
    page.get_by_role("button", name=re.compile("^Move down")).first.click()
    assert rows(page) == ["sleepio", "e-rostering"]
    page.get_by_role("button", name=re.compile("^Remove")).first.click()
    assert rows(page) == ["e-rostering"]

"""A correction, from the entry's page to its log, to the version it replaced and its citation."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from innovations.models import Innovation
from portal.catalogue.services import publish_revision

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("real_site")]


def correct_sleepio() -> None:
    sleepio = Innovation.objects.get(slug="sleepio")
    figures = list(sleepio.figures.all())
    figures[0].value = 70180
    sleepio.figures = figures[:-1]
    sleepio.summary = sleepio.summary.replace("six-week", "six-session")
    publish_revision(revision=sleepio.save_revision(clean=False), by=None, reason="The published paper says so.")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_reader_finds_what_was_corrected_and_what_was_cited(
    open_page: Callable[..., Page], assert_accessible: Callable[[Page], None], width: int
) -> None:
    correct_sleepio()
    page = open_page(viewport={"width": width, "height": 900}, permissions=["clipboard-read", "clipboard-write"])

    page.goto("/innovations/sleepio/")
    page.get_by_role("link", name="What has changed").click()
    newest = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="version 2"))
    expect(newest).to_contain_text("corrected from £71,027 to £70,180.")
    expect(newest).to_contain_text("Why: The published paper says so.")
    newest.get_by_text("Before and after").click()
    expect(newest.locator("del").first).to_contain_text("six-week")
    expect(newest.locator("ins").first).to_contain_text("six-session")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.get_by_text("Cite version 1").click()
    page.get_by_role("button", name="Copy").last.click()
    expect(page.get_by_text("Copied.").last).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(
        r"Workforce Innovation Portal\. Sleepio\. Version 1, .* http\S+/innovations/sleepio/versions/1/", copied
    )

    page.get_by_role("link", name="version 1", exact=True).click()
    expect(page.get_by_text(re.compile(r"^Version 1, published"))).to_be_visible()
    expect(page.locator("#figures")).to_be_visible()
    assert "£71,027" in page.locator("main").inner_text()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width

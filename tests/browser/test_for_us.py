"""From an entry's page to its range for one's own number, and on into a pack; with JavaScript and without."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.benefits.sites import entry_of_two_sites
from tests.factories import CountryFactory, InnovationFactory, TrustFactory, add_figure
from tests.pdfs import text_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.worker
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_an_entry_to_a_range_in_the_pack(
    open_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    start_worker: Callable[[], object],
    page_problems: list[str],
    tmp_path: Path,
    javascript: bool,
) -> None:
    CountryFactory(code="ENG", name="England")
    TrustFactory(code="RWV", name="Devon Partnership NHS Trust")
    entry = entry_of_two_sites()
    start_worker()
    page = open_page(java_script_enabled=javascript)
    check = assert_accessible if javascript else lambda page: None

    page.goto(entry.get_absolute_url())
    check(page)
    page.get_by_label("How many ward patients?").fill("none")
    page.get_by_role("button", name="Show the range").click()
    expect(page.get_by_role("link", name="“none” can’t be the number of ward patients.")).to_be_visible()
    check(page)
    page_problems.clear()  # the browser itself logs the 400

    page.get_by_label("How many ward patients?").fill("150")
    page.get_by_label("Organisation").select_option("Devon Partnership NHS Trust")
    page.get_by_role("button", name="Show the range").click()
    expect(page).to_have_url(re.compile("headcount=150&organisation=RWV"))
    expect(page.get_by_text("Between 1,500 and 3,800 hours a year, indicative")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Southtown NHS Trust"))).to_contain_text("200 ward patients")
    check(page)

    page.get_by_role("button", name="Add to my briefing").click()
    notice = page.locator(".app-notice--success")
    expect(notice).to_contain_text("In your basket, with the range for 150 ward patients.")
    expect(page.locator("#basket-count")).to_have_text("1")
    page.locator("#basket-link").click()
    expect(page.locator(".app-basket li")).to_contain_text("for Devon Partnership NHS Trust: 150 ward patients")
    check(page)
    page.get_by_label("Title").fill("Options for the board")
    page.get_by_role("button", name="Make the briefing pack").click()

    download_link = page.get_by_role("link", name=re.compile("Download the PDF"))
    expect(download_link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        download_link.click()
    file = tmp_path / "pack.pdf"
    download.value.save_as(file)
    text = text_of(PdfReader(file))
    assert "Between 1,500 and 3,800 hours a year, indicative" in text


@pytest.mark.parametrize("width", [1280, 390])
def test_both_answers_are_accessible_and_fit(
    open_page: Callable[..., Page], assert_accessible: Callable[[Page], None], width: int
) -> None:
    entry, without = entry_of_two_sites(), InnovationFactory(published=True)
    add_figure(without)
    page = open_page(viewport={"width": width, "height": 900})

    for address in (f"/impact/for-us/{entry.slug}/?headcount=150", f"/impact/for-us/{without.slug}/"):
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert page.locator("h1").count() == 1, address

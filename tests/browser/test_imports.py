"""A spreadsheet's way in a real browser: matched, checked, applied and undone, by keyboard where it counts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from portal.catalogue.models import Entry
from portal.exchange.imports import making
from tests.browser.editors import SLUG, reach
from tests.browsing import DESKTOP, PHONE, assert_fits
from tests.exchange.imports_scene import lines

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("real_site")]

Check = Callable[[Page], None]


def test_a_spreadsheet_becomes_drafts_and_is_taken_back(
    sign_in: Callable[..., Page], assert_accessible: Check, page_problems: list[str]
) -> None:
    editor = sign_in("edith")

    def look() -> None:
        """See that it is accessible and nothing is cut off on a phone: what fits there does on a screen."""
        editor.set_viewport_size(PHONE)
        assert_accessible(editor)
        assert_fits(editor)
        editor.set_viewport_size(DESKTOP)

    editor.goto("/editing/imports/")
    look()
    rows = lines(
        ["Address", "Title", "What it is", "Scope"],
        ["ward-huddles", "Ward huddles by video", "Ten minutes each morning.", "National"],
        [SLUG, "", "Finds and books doctors in one app.", "everywhere"],
    )
    editor.locator("input[type=file]").set_input_files(
        FilePayload(name="innovations.csv", mimeType="text/csv", buffer=rows.encode())
    )
    editor.get_by_role("button", name="Upload and check").click()
    expect(editor.locator("#import-progress")).to_contain_text("Being read")
    making.do_due_imports()
    # The page looks by itself how far it is.
    editor.get_by_label("What it is").select_option("Summary")
    look()
    editor.get_by_role("button", name="Check the rows").click()
    expect(editor.locator("#import-progress")).to_contain_text("Being checked")
    making.do_due_imports()
    expect(editor.get_by_text("It is not in the list.", exact=False)).to_be_visible()
    look()
    apply = editor.get_by_role("button", name="Apply as drafts")
    reach(editor, apply)
    editor.keyboard.press("Enter")
    expect(editor.locator("#import-progress")).to_contain_text("Becoming drafts")
    making.do_due_imports()
    expect(editor.get_by_role("link", name="Ward huddles by video")).to_be_visible()
    look()
    editor.get_by_role("button", name="Undo this import").click()
    expect(editor.locator("#import-progress")).to_contain_text("Being undone")
    making.do_due_imports()
    expect(editor.get_by_text("Undone on", exact=False)).to_be_visible()
    assert not Entry.objects.filter(slug="ward-huddles").exists()
    assert page_problems == []

"""Adoption in a real browser: an organisation answers by its link, and an editor records and verifies."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from innovations.models import Innovation
from portal.accounts.models import NetworkRole
from portal.adoption.asking import make_link
from portal.adoption.models import AdoptionRecord
from portal.organisations.models import Organisation
from tests.browser.editors import SLUG, TITLE, fill_sign_in
from tests.browsing import PHONE
from tests.factories import ContactFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("real_site")]

Check = Callable[[Page], None]
PASSWORD = "long-enough-for-a-test"


@pytest.fixture
def link(real_site: None) -> str:
    contact = ContactFactory(organisation=Organisation.objects.get(code="RQM"), email="digital@example.org")
    return reverse("adoption:confirm", args=[make_link(contact, now=timezone.now())])


def test_an_organisation_answers_by_keyboard_on_a_phone(
    link: str, open_page: Callable[..., Page], assert_accessible: Check
) -> None:
    page = open_page(viewport=PHONE)
    page.goto(link)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("radio", name="Still so").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Send the answers").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert_accessible(page)
    today = timezone.localdate().isoformat()
    assert AdoptionRecord.objects.filter(organisation__code="RQM", on=today).count() == 1


def test_a_networks_editor_decides_about_what_contradicts_a_verified_record(
    link: str, people: None, open_page: Callable[..., Page], assert_accessible: Check
) -> None:
    entry, today = Innovation.objects.get(slug=SLUG), timezone.localdate()
    trust = Organisation.objects.get(code="RQM")
    record = AdoptionRecord(entry=entry, organisation=trust, stage="adopted", on=f"{today:%Y-%m}", said_by="Its office")
    record.verified_at = timezone.now()
    record.save()
    contact = open_page(viewport=PHONE)
    contact.goto(link)
    answer = contact.get_by_role("group", name=TITLE)
    answer.get_by_role("radio", name="Stopped").check()
    answer.get_by_label("If it stopped, why").select_option("licence_cost")
    contact.get_by_role("button", name="Send the answers").click()
    expect(contact.locator("main")).to_contain_text("says something else than a verified record")
    contact.goto(reverse("adoption:entry", args=[SLUG]))
    reported = contact.get_by_role("table", name="Organisations reported")
    expect(reported).to_contain_text("Adopted")

    editor = open_page(viewport=PHONE)
    editor.goto(reverse("editing:start"))
    fill_sign_in(editor, "edith")
    editor.goto(reverse("editing:adoption"))
    editor.get_by_role("link", name=TITLE).click()
    accept = editor.get_by_role("button", name=f"Accept what {trust.name} said")
    for element in (accept, editor.get_by_label("Why not"), editor.get_by_label("Organisation’s code")):
        bounds = element.bounding_box()
        assert bounds
        assert bounds["x"] + bounds["width"] <= PHONE["width"]
    assert_accessible(editor)
    accept.click()
    expect(editor.locator("main")).to_contain_text("as the organisation said it, verified by you")
    contact.reload()
    expect(reported).to_contain_text("Stopped")


def test_what_is_missing_is_said_without_javascript(
    link: str, page_without_javascript: Page, page_problems: list[str]
) -> None:
    page = page_without_javascript
    page.goto(link)
    page.get_by_role("radio", name="Stopped").first.check()
    page.get_by_role("button", name="Send the answers").click()
    expect(page.get_by_role("alert")).to_contain_text("say why it stopped")
    assert page.get_by_role("radio", name="Stopped").first.is_checked()
    page_problems.clear()  # the browser itself logs the 400


def test_an_editor_records_what_a_trust_uses(open_page: Callable[..., Page], assert_accessible: Check) -> None:
    person = get_user_model().objects.create_user("pauline", "pauline@example.nhs.uk", PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    NetworkRole.objects.create(user=person, role="publisher")
    entry = Innovation.objects.get(slug="sleepio")
    page = open_page(viewport=PHONE)
    page.goto(reverse("editing:entry_adoption", args=[entry.pk]))
    page.locator("[name=login]").fill("pauline")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Organisation’s code").fill("RQM")
    page.get_by_label("Stage", exact=True).select_option("adopted")
    page.get_by_label("When").fill("2026-03")
    page.get_by_label("Who said so").fill("Chief nurse’s office")
    page.get_by_role("button", name="Record").click()
    expect(page.locator("main")).to_contain_text("Chelsea and Westminster")
    page.goto(reverse("editing:adoption"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Adoption")
    assert_accessible(page)
    page.goto(reverse("adoption:entry", args=["sleepio"]))
    expect(page.get_by_role("table", name="Organisations reported")).to_contain_text("March 2026")

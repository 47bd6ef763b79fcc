"""Every kind of page, wide and narrow: accessible, nothing wider than the screen, nothing logged."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("real_site")]

PAGES = [
    "/",
    "/catalogue/",
    "/catalogue/?q=bank&theme=connected-staff-banks&theme=nonsense&page=99",
    "/catalogue/?q=nothingatall",
    "/catalogue/?q=pasporting&theme=apprenticeships",
    "/case-studies/?q=bank&sort=benefit&measure=bank-hours-worked",
    "/innovations/?page=2",
    "/compare/",
    "/compare/?entry=sleepio&entry=qbtest-focus-adhd&entry=north-west-collaborative-bank&entry=virtual-wards&entry=none",
    "/places/",
    "/case-studies/?compare=sleepio&theme=apprenticeships",
    "/innovations/qbtest-focus-adhd/",
    "/innovations/s12-solutions/",
    "/innovations/nhs-digital-staff-passport/",
    "/innovations/sleepio/changes/",
    "/innovations/sleepio/versions/1/",
    "/case-studies/",
    "/case-studies/leeds-health-and-care-academy/",
    "/case-studies/south-east-temporary-staffing-collaborative/",
    "/case-studies/north-west-collaborative-bank/changes/",
    "/case-studies/north-west-collaborative-bank/versions/1/",
    "/impact/",
    "/impact/?place=Y62&from=2022-05-01&kind=case_study",
    "/impact/people-recruited/",
    "/impact/bank-hours-worked/",
    "/impact/hours-released/?basis=not_stated&period=2022/23",
    "/impact/costs-avoided/?achievement=potential&basis=modelled&place=RQM",
    "/impact/contradictions/",
    "/impact/for-us/virtual-wards/",
    "/measures/",
    "/measures/hours-released/",
    "/measures/waiting-time/",
    "/themes/apprenticeships/",
    "/evidence/?type=rct&independence=independent",
    "/adoption/",
    "/adoption/?kind=acute&place=Y62&as_at=2024-01-31",
    "/adoption/robotic-process-automation/",
    "/adoption/qbtest-focus-adhd/?stage=dreaming",
    "/organisations/?kind=icb&open=no",
    "/organisations/QNQ/",
    "/organisations/QU9/",
    "/organisations/hin-nwc/",
    "/organisations/RQM/",
    "/organisations/Y59/",
    "/about/",
    "/about/how-figures-work/",
    "/about/evidence-strength/",
    "/about/components/",
    "/api/",
    "/data/",
    "/accessibility/",
    "/privacy/",
    "/packs/basket/",
    "/packs/mine/",
    "/packs/ready-made/",
]


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible_and_fits(
    open_page: Callable[..., Page], assert_accessible: Callable[[Page], None], width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 900})
    for address in PAGES:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than {width}"
        assert page.locator("h1").count() == 1, address


def test_a_question_that_cannot_be_answered_is_an_accessible_page(
    page: Page, assert_accessible: Callable[[Page], None], page_problems: list[str]
) -> None:
    page.goto("/impact/people-recruited/?period=2022/25&place=nowhere")
    assert_accessible(page)
    assert page.get_by_role("heading", level=1).inner_text() == "The question can’t be answered"
    page_problems.clear()  # the browser itself logs the 400


def test_a_total_is_two_clicks_from_its_source_and_can_be_asked_otherwise(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/impact/")
    page.get_by_role("link", name=re.compile(r"\(People recruited, observed\)")).click()
    row = page.get_by_role("row", name="29,103 roles")
    source = row.get_by_role("cell").last.get_by_role("link")
    assert (source.get_attribute("href") or "").startswith("http")
    page.get_by_text("By region, as a table").click()
    page.locator(".app-chart").get_by_role("row", name="London").get_by_role("link").click()
    page.get_by_text("Change the question").click()
    page.get_by_label("Theme", exact=True).select_option(label="New roles and skills")
    page.get_by_role("button", name="Ask").click()
    total = page.locator(".app-total").inner_text()
    assert "London" in total
    assert "Theme: New roles and skills" in total


def test_a_page_that_is_not_there_is_accessible(
    page: Page, assert_accessible: Callable[[Page], None], page_problems: list[str]
) -> None:
    page.goto("/innovations/no-such-innovation/")
    assert_accessible(page)
    assert page.get_by_role("heading", level=1).inner_text() == "Page not found"
    page_problems.clear()  # the browser itself logs the 404

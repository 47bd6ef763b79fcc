"""Every kind of page, wide and narrow: accessible, nothing wider than the screen, nothing logged."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("real_site")]

PAGES = [
    "/",
    "/catalogue/",
    "/catalogue/?q=bank&theme=connected-staff-banks&theme=nonsense&page=99",
    "/catalogue/?q=nothingatall",
    "/innovations/?page=2",
    "/innovations/qbtest-focus-adhd/",
    "/innovations/s12-solutions/",
    "/innovations/nhs-digital-staff-passport/",
    "/case-studies/",
    "/case-studies/leeds-health-and-care-academy/",
    "/case-studies/south-east-temporary-staffing-collaborative/",
    "/evidence/?type=rct",
    "/organisations/?kind=icb",
    "/organisations/QNQ/",
    "/organisations/RQM/",
    "/organisations/Y59/",
    "/about/",
    "/about/how-figures-work/",
    "/about/components/",
    "/accessibility/",
    "/privacy/",
    "/packs/basket/",
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
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than {width}"
        assert page.locator("h1").count() == 1, address


def test_a_page_that_is_not_there_is_accessible(
    page: Page, assert_accessible: Callable[[Page], None], page_problems: list[str]
) -> None:
    page.goto("/innovations/no-such-innovation/")
    assert_accessible(page)
    assert page.get_by_role("heading", level=1).inner_text() == "Page not found"
    page_problems.clear()  # the browser itself logs the 404

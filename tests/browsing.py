"""Fixtures that drive Debian's Chromium over pytest-django's `live_server`.

A page that logs an error, throws, or asks another host for anything fails its test.
The content security policy is never bypassed: it is part of what is tested.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Without `preload` axe doesn't copy the style sheets into the page, which our policy forbids it.
# Only violations are described and handed over: what passed was most of the time.
AXE_RUN = """([values, within]) => axe.run(within || document,
    {preload: false, resultTypes: ['violations'], runOnly: {type: 'tag', values}}).then(found => found.violations)"""
# Half faded in, a message has too little contrast: what a page comes to rest at is what is judged. What one
# animation ends with may begin another, and what a script changed moves from the next frame on.
AT_REST = """async () => {
    const frame = () => new Promise(requestAnimationFrame)
    for (;;) {
        await frame().then(frame)
        const going = document.getAnimations().filter(one =>
            one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity)
        if (!going.length) return
        await Promise.allSettled(going.map(one => one.finished))
    }
}"""
# The editing site brings its messages in once it has begun.
NOT_BEGUN = "body[data-w-init-ready-class]:not(.ready)"
# What a box of its own moves sideways is not cut off, and what is hidden from the eye may be anywhere.
PAST_THE_EDGE = """() => {
    const aside = part => {
        const {overflowX, clipPath} = getComputedStyle(part)
        return clipPath !== 'none' || (!part.matches('main, main *:has(h1)') && ['auto', 'scroll'].includes(overflowX))
    }
    const within = part => part && (aside(part) || within(part.parentElement))
    return [...document.querySelectorAll('main *')].filter(part => {
        const {width, right} = part.getBoundingClientRect()
        return width > 1 && right > innerWidth + 1 && !within(part.parentElement)
    }).map(part => part.outerHTML.slice(0, 120))
}"""
LOCAL = ("http://localhost", "http://127.0.0.1", "data:", "blob:", "about:")
OpenPage = Callable[..., Page]
# A page that comes late on a busy machine is no failure; one that never comes still is.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page_problems() -> Iterator[list[str]]:
    """What pages complained of. A test that means to cause a complaint clears the list."""
    problems: list[str] = []
    yield problems
    assert not problems, "The pages complained:\n" + "\n".join(problems)


@pytest.fixture
def open_page(browser: Browser, live_server: Any, page_problems: list[str]) -> Iterator[OpenPage]:
    """Make a page in a browser of its own: `open_page(viewport=PHONE, java_script_enabled=False)`."""
    contexts: list[BrowserContext] = []

    def open_one(**options: Any) -> Page:
        options = {"viewport": DESKTOP, "locale": "en-GB", "base_url": live_server.url, **options}
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        _listen(page, page_problems)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page 1280 pixels wide, whose `goto("/...")` is under the live server."""
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """A page 390 pixels wide."""
    return open_page(viewport=PHONE)


@pytest.fixture
def page_without_javascript(open_page: OpenPage) -> Page:
    return open_page(java_script_enabled=False)


def _listen(page: Page, problems: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            problems.append(f"{page.url}: console {message.type}: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith(LOCAL):
            problems.append(f"{page.url}: asked another host: {request.url}")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: thrown: {error}"))


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[..., None]:
    """Run axe over the page as it is now, or only `within` a part; fail with each rule that is broken and where."""
    axe = (Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js").read_text()

    def check(page: Page, within: str = "") -> None:
        page.wait_for_load_state()
        expect(page.locator(NOT_BEGUN)).to_have_count(0)
        page.evaluate(AT_REST)
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe)
        violations = page.evaluate(AXE_RUN, [WCAG_22_AA, within])
        assert not violations, f"{page.url} breaks WCAG 2.2 AA:\n" + _describe(violations)

    return check


def _describe(violations: list[dict[str, Any]]) -> str:
    lines = []
    for violation in violations:
        lines.append(f"- {violation['id']}: {violation['help']}")
        lines += [f"    {' '.join(map(str, node['target']))}   {node['html'][:120]}" for node in violation["nodes"]]
    return "\n".join(lines)


def assert_fits(page: Page) -> None:
    """Fail where something reaches past the edge of the screen: the page does not scroll there, so it is cut off."""
    assert not (past := page.evaluate(PAST_THE_EDGE)), f"{page.url} at {page.viewport_size} cuts off:\n" + "\n".join(
        past
    )

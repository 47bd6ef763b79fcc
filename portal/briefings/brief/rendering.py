"""Turn a brief's plain data into a tagged PDF of two pages. No models, no database, no network."""

from functools import cache
from typing import Any

from django.template import Context, Engine
from weasyprint import HTML

from portal.briefings.brief.fitting import FIRST_PAGES, SECOND_PAGES, FirstPage, SecondPage, fit, is_cut
from portal.briefings.finishing import finish
from portal.briefings.rendering import BASE_ADDRESS, TEMPLATES, PackFetcher

ASSETS = {"pack:///brief.css": TEMPLATES / "briefings" / "brief" / "brief.css"}
MOST_PAGES = 2
UA = {"pdf_variant": "pdf/ua-1"}


class DoesNotFit(Exception):
    """Even the least that a brief shows takes more than its pages."""


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(TEMPLATES)], autoescape=True)


def write_html(data: dict[str, Any], first: FirstPage, second: SecondPage) -> str:
    shown = fit(data, first, second)
    cut = {name: is_cut(shown[name]) for name in ("caveats", "needs", "may_not_work")}
    template = _engine().get_template("briefings/brief/document.html")
    return template.render(Context({"brief": shown, "cut": cut}, use_l10n=False, use_tz=False))


def lay_out(data: dict[str, Any], first: FirstPage, second: SecondPage) -> Any:
    html = HTML(string=write_html(data, first, second), base_url=BASE_ADDRESS, url_fetcher=PackFetcher(ASSETS))
    return html.render(**UA)


def render_brief(data: dict[str, Any]) -> bytes:
    """Return the PDF/UA-1 document, with as much of the entry as two pages hold. The same data gives the same bytes."""
    firsts, seconds = iter(FIRST_PAGES), iter(SECOND_PAGES)
    first, second = next(firsts), next(seconds)
    try:
        while True:
            document = lay_out(data, first, second)
            if len(document.pages) <= MOST_PAGES:
                break
            if _starts_second(document.pages[1]):
                second = next(seconds)
            else:
                first = next(firsts)
    except StopIteration:
        raise DoesNotFit from None
    pdf: bytes = document.write_pdf(finisher=finish, **UA)
    return pdf


def _starts_second(page: Any) -> bool:
    return "working" in page.anchors

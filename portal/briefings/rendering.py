"""Turn a pack's plain data into a tagged PDF. No models, no database, no network."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from portal.briefings.finishing import finish
from portal.briefings.letters import with_letters_we_have
from portal.briefings.limits import MOST_PAGES
from portal.briefings.presentation import TEMPLATES, write
from portal.briefings.stamps import stamp

BASE_ADDRESS = "pack:///"
# All that a document may ask for. Anything else (another address, a file, data:) is refused.
ASSETS = {"pack:///pack.css": TEMPLATES / "briefings" / "pack" / "pack.css"}
MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
UA = {"pdf_variant": "pdf/ua-1"}


class AssetRefused(ValueError):
    """The document asked for something that is not one of its own named assets."""


class TooManyPages(ValueError):
    """The laid-out pack is longer than a pack may be; the message is fit to show."""


class PackFetcher(URLFetcher):
    """Serve named assets and nothing else: no scheme, redirect or path leads anywhere."""

    def __init__(self, assets: Mapping[str, Path]) -> None:
        super().__init__(allowed_protocols=[], allow_redirects=False, fail_on_errors=True)
        self._assets = assets

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        path = self._assets.get(url)
        if path is None:
            raise AssetRefused(f"A briefing pack may not use {url[:200]}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": MEDIA_TYPES[path.suffix]})


def write_html(data: Mapping[str, Any]) -> str:
    """Write the document that is laid out; `data` is a snapshot with what belongs to the issue."""
    return write("briefings/pack/document.html", with_letters_we_have(data), version=stamp(data))


def render_pack(data: Mapping[str, Any]) -> bytes:
    """Return the PDF/UA-1 document. The same data gives the same bytes. Raises TooManyPages."""
    html = HTML(string=write_html(data), base_url=BASE_ADDRESS, url_fetcher=PackFetcher(ASSETS))
    document = html.render(**UA)
    check_length(document, data)
    pdf: bytes = document.write_pdf(finisher=finish, **UA)
    return pdf


def check_length(document: Any, data: Mapping[str, Any]) -> None:
    """Refuse a pack of too many pages before they are written, naming the entry that takes most."""
    pages = len(document.pages)
    if pages > MOST_PAGES:
        raise TooManyPages(
            f"The pack would have {pages:,} pages, and a pack has at most {MOST_PAGES}. "
            f"Leave out the longest entry, “{_longest(document, data)}”, or make two packs."
        )


def _longest(document: Any, data: Mapping[str, Any]) -> str:
    # Backwards, so that a part on several pages counts from its first.
    numbered = reversed(list(enumerate(document.pages)))
    starts = {anchor: number for number, page in numbered for anchor in page.anchors}
    places = [starts.get(f"entry-{entry['number']}", 0) for entry in data["entries"]]
    ends = [*places[1:], starts.get("references", len(document.pages))]
    lengths = [end - start for start, end in zip(places, ends, strict=True)]
    return str(data["entries"][lengths.index(max(lengths))]["title"])

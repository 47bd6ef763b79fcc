"""Turn a pack's plain data into a tagged PDF. No models, no database, no network."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import Context, Engine
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from portal.briefings.finishing import finish
from portal.core.charts import ON_PAPER, Amount, bar_chart
from portal.core.templatetags.components import lower_first

BASE_ADDRESS = "pack:///"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
# All that a document may ask for. Anything else (another address, a file, data:) is refused.
ASSETS = {"pack:///pack.css": TEMPLATES / "briefings" / "pack" / "pack.css"}
CHARTS_AT_MOST = 3
MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}


class AssetRefused(ValueError):
    """The document asked for something that is not one of its own named assets."""


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


@cache
def _engine() -> Engine:
    """Templates alone, without the site's context processors and tags."""
    return Engine(dirs=[str(TEMPLATES)], autoescape=True)


def write_html(data: dict[str, Any]) -> str:
    """Write the document; `data` is a snapshot with `number` and `address` of the issue."""
    template = _engine().get_template("briefings/pack/document.html")
    told = {"pack": data, "counts": counts(data), "charts": charts(data)}
    return template.render(Context(told, use_l10n=False, use_tz=False))


def charts(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Lay out who put what into the totals that several entries share, those of most entries first."""
    bases = (data.get("totals") or {}).get("bases", [])
    shared = [(group, row) for group in bases for row in group["rows"] if len(row.get("shares", [])) > 1]
    shared.sort(key=lambda pair: -len(pair[1]["shares"]))
    return [_chart(number, group["basis"], row) for number, (group, row) in enumerate(shared[:CHARTS_AT_MOST])]


def _chart(number: int, basis: str, row: dict[str, Any]) -> dict[str, Any]:
    amounts = [Amount(share["title"], Decimal(share["value"]), share["text"]) for share in row["shares"]]
    chart = bar_chart(f"shares-{number}", f"{row['measure']}, by entry", amounts, line_holds=ON_PAPER)
    return {"chart": chart, "basis_text": basis, "note": f"Together: {lower_first(row['total'])}."}


def counts(data: dict[str, Any]) -> list[tuple[str, str]]:
    """Count what the pack holds, as (number, word) for its cover; what it has none of is not mentioned."""
    entries = data["entries"]
    figures = sum(len(group["rows"]) for entry in entries for group in entry["figure_groups"])
    adopters = {row["organisation"] for entry in entries for row in entry["records"]["rows"]}
    numbers = [
        (len(entries), "entry", "entries"),
        (figures, "figure", "figures"),
        (len(adopters), "organisation named", "organisations named"),
        (len(data["references"]), "source", "sources"),
    ]
    return [(f"{number:,}", one if number == 1 else many) for number, one, many in numbers if number]


def render_pack(data: dict[str, Any]) -> bytes:
    """Return the PDF/UA-1 document. The same data gives the same bytes."""
    document = HTML(string=write_html(data), base_url=BASE_ADDRESS, url_fetcher=PackFetcher(ASSETS))
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", finisher=finish)
    return pdf

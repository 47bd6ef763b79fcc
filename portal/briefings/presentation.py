"""What the layouts of a pack share, worked out of its frozen data: no models, no database."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import Context, Engine

from portal.briefings.stamps import stamp
from portal.core.charts import ON_PAPER, Amount, Size, bar_chart
from portal.core.templatetags.components import lower_first

TEMPLATES = Path(settings.BASE_DIR) / "templates"
CHARTS_AT_MOST = 2
SHORT_ENOUGH_FOR_HALF_A_PAGE = 600
SHORT_ENOUGH_FOR_A_THIRD = 400
ALL_SECTIONS = (
    *("summary", "implications", "totals", "comparison", "adoption", "evidence", "needs"),
    *("assumptions", "glossary"),
)


@cache
def _engine() -> Engine:
    """Templates alone, without the site's context processors and tags."""
    return Engine(dirs=[str(TEMPLATES)], autoescape=True)


def write(template: str, data: Mapping[str, Any], *, version: str = "", size: Size = ON_PAPER) -> str:
    """Fill in one of the pack's templates; `data` is a snapshot with what belongs to the issue.

    `version` is the stamp of the content where `data` isn't the content as it was frozen; `size` is that of charts.
    """
    told = {
        "pack": data,
        "shows": dict.fromkeys(data.get("sections", ALL_SECTIONS), True),
        "stamp": version or stamp(data),
        "counts": counts(data),
        "charts": charts(data, size=size),
        "entries": [{**entry, "pair": _pair(entry), "thirds": _thirds(entry)} for entry in data["entries"]],
    }
    return _engine().get_template(template).render(Context(told, use_l10n=False, use_tz=False))


def _pair(entry: Mapping[str, Any]) -> bool:
    """Say whether the first two closing passages are short enough to stand side by side."""
    return all(sum(map(len, passage["paragraphs"])) <= SHORT_ENOUGH_FOR_HALF_A_PAGE for passage in entry["closing"][:2])


def _thirds(entry: Mapping[str, Any]) -> bool:
    """Say whether what was learnt is short enough for three columns."""
    return all(sum(map(len, one["items"])) <= SHORT_ENOUGH_FOR_A_THIRD for one in entry["learning"])


def charts(data: Mapping[str, Any], *, size: Size = ON_PAPER) -> list[dict[str, Any]]:
    """Lay out who put what into the totals that several entries share, those of most entries first."""
    bases = (data.get("totals") or {}).get("bases", [])
    shared = [(group, row) for group in bases for row in group["rows"] if len(row.get("shares", [])) > 1]
    shared.sort(key=lambda pair: -len(pair[1]["shares"]))
    shown = enumerate(shared[:CHARTS_AT_MOST])
    return [_chart(number, group["basis"], row, size) for number, (group, row) in shown]


def _chart(number: int, basis: str, row: dict[str, Any], size: Size) -> dict[str, Any]:
    amounts = [Amount(share["title"], Decimal(share["value"]), share["text"]) for share in row["shares"]]
    chart = bar_chart(f"shares-{number}", f"{row['measure']}, by entry", amounts, size=size)
    return {"chart": chart, "basis_text": basis, "note": f"Together: {lower_first(row['total'])}."}


def counts(data: Mapping[str, Any]) -> list[tuple[str, str]]:
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

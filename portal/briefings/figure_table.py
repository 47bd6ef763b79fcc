"""The figures of a pack as rows for spreadsheets: every total, then every figure with what the ledger did with it."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.briefings.stamps import stamp

Row = dict[str, Any]

COLUMNS = (
    *("bucket", "entry_number", "entry", "entry_url", "figure", "measure", "label"),
    *("value", "low", "high", "unit", "counted", "per", "qualifier", "text"),
    *("role", "achievement", "basis", "period", "period_start", "period_end", "place", "place_code"),
    *("source_number", "source", "source_url", "locator", "reason", "why", "displaced_by", "notes"),
)
NUMBERS = ("entry_number", "value", "low", "high", "source_number")


def rows(data: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield the cells of each row, in the order of COLUMNS, as text; numbers have all their digits."""
    for told in [*_totals(data), *_figures(data)]:
        yield [str(told.get(name) if told.get(name) is not None else "") for name in COLUMNS]


def _totals(data: Mapping[str, Any]) -> Iterator[Row]:
    totals = data.get("totals")
    for group in totals["bases"] if totals else []:
        for row in group["rows"]:
            counted = f"{row['counted']} counted, {row['left_out']} left out"
            yield {
                "bucket": "total",
                "entry_url": row.get("address", ""),
                "measure": row["measure"],
                "label": row["measure"],
                "value": row.get("value", ""),
                "unit": row.get("unit", ""),
                "text": row["total"],
                "basis": group["basis"],
                "place": totals["place"] if totals else "",
                "notes": ". ".join([counted, *([row["why"]] if row["why"] else []), *row["notes"]]),
            }


def _figures(data: Mapping[str, Any]) -> Iterator[Row]:
    sources = {reference["number"]: reference for reference in data["references"]}
    for entry in data["entries"]:
        about = {"entry_number": entry["number"], "entry": entry["title"], "entry_url": entry["address"]}
        for group in entry["figure_groups"]:
            for row in group["rows"]:
                source = sources.get(row["source"], {})
                yield {
                    **about,
                    **row["exact"],
                    **row["working"],
                    "bucket": row["working"].get("bucket", ""),
                    "figure": row["id"],
                    "label": row["label"],
                    "text": row["figure"],
                    "basis": row["basis"],
                    "period": row["period"],
                    "place": row["place"],
                    "locator": row["locator"],
                    "source_number": row["source"],
                    "source": source.get("title", ""),
                    "source_url": source.get("address", ""),
                    "notes": " ".join(row["notes"]),
                }


def about(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a file must say of itself: which issue it is, of which day, and what was left out."""
    issue = f", issue {data['issue']}" if data.get("issue") else ""
    told = [
        ("Title", data["title"]),
        ("Briefing pack", f"{data['number']}{issue}" if data.get("number") else "Preview"),
        ("Version", stamp(data)),
        ("Purpose", data["purpose"]),
        ("Paper for", data["audience"]),
        ("Prepared by", data["author_line"]),
        ("Date", data["on_text"]),
        ("Content as at", data["as_at_text"]),
        ("Permanent link", data.get("address", "")),
        ("Published by", data["site_name"]),
        *(("Left out", sentence) for sentence in data["cut"]),
        *(("Left out", f"{title}: not public any more.") for title in data.get("left_out") or []),
        *(("Read this first", sentence) for sentence in data["assumptions"]),
    ]
    return [(name, text) for name, text in told if text]

"""Which figures moved between two issues of a pack: plain functions over what the two say."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.briefings.models import BriefingPack

Row = dict[str, Any]
Since = dict[str, Any]
"""The page "since issue N": number, issue, as_at_text, entries and totals, as the document's templates read it."""

NO_ENTRIES: Mapping[str, Any] = {"entries": [], "totals": None}
"""What a pack would say when none of its entries is published any more."""

TEXTS = {
    "summary": "summary",
    "opening": "what it is and how it works",
    "closing": "what it needs and where it may not work",
}


def since(pack: "BriefingPack", data: Mapping[str, Any]) -> Since | None:
    """Return what moved between an issue and this newer content; None where nothing did."""
    entries, totals = moved_entries(pack.data, data), moved_totals(pack.data, data)
    if not entries and not totals:
        return None
    return {
        "number": pack.number,
        "issue": pack.issue,
        "as_at_text": pack.data["as_at_text"],
        "entries": entries,
        "totals": totals,
    }


def moved_entries(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    """Return the entries that came, went or read otherwise, in the newer order, those gone at the end."""
    old = {row["slug"]: row for row in before["entries"]}
    new = {row["slug"]: row for row in after["entries"]}
    rows = [_entry(row, "changed", old[slug]) if slug in old else _entry(row, "added") for slug, row in new.items()]
    rows += [_entry(row, "removed") for slug, row in old.items() if slug not in new]
    return [row for row in rows if row["change"] != "changed" or row["figures"] or row["others"]]


def _entry(row: Row, change: str, before: Row | None = None) -> Row:
    return {
        "slug": row["slug"],
        "title": row["title"],
        "change": change,
        "figures": moved_figures(before, row) if before else [],
        "others": list(_others(before, row)) if before else [],
    }


def moved_figures(before: Row, after: Row) -> list[Row]:
    """Return each figure that came, went or has another value, period, place or label."""
    old, new = _figures(before), _figures(after)
    moved = []
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key), new.get(key)
        if was is None or now is None or _said(was) != _said(now):
            shown = now or was or {}
            moved.append(
                {
                    **{name: shown[name] for name in ("label", "place", "period")},
                    "before": _value(was, now),
                    "after": _value(now, was),
                }
            )
    return moved


def _figures(entry: Row) -> dict[Any, Row]:
    """Return an entry's figures by their own id; by what they say of themselves in packs older than that."""
    rows = [row for group in entry["figure_groups"] for row in group["rows"]]
    return {row.get("id") or (row["label"], row["place"], row["period"], row["basis"]): row for row in rows}


def _said(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in ("figure", "label", "place", "period", "basis"))


def _value(row: Row | None, other: Row | None) -> str:
    """Write a figure; with what else differs from the other one, where the value alone would read the same."""
    if row is None:
        return ""
    if other is None or row["figure"] != other["figure"]:
        return str(row["figure"])
    differing = [row[name] for name in ("label", "place", "period", "basis") if row[name] != other[name]]
    return ", ".join([row["figure"], *differing])


def _others(before: Row, after: Row) -> Iterator[str]:
    """Say what else a reader of the earlier issue would find different."""
    if before["title"] != after["title"]:
        yield f"The title was “{before['title']}”"
    was, now = before["strength"], after["strength"]
    if was["level"] != now["level"]:
        yield f"Strength of the evidence: {was['text']} before, {now['text']} now"
    yield from _counted(before, after, "records", "adoption record", "adoption records")
    if (before["coverage"] or {}).get("text") != (after["coverage"] or {}).get("text"):
        yield f"Coverage: {_coverage(before)} before, {_coverage(after)} now"
    yield from _counted(before, after, "evidence", "finding", "findings")
    edited = [words for name, words in TEXTS.items() if before[name] != after[name]]
    if edited:
        yield f"The text was edited: {', '.join(edited)}"


def _coverage(entry: Row) -> str:
    return str(entry["coverage"]["text"]) if entry["coverage"] else "none stated"


def _counted(before: Row, after: Row, name: str, one: str, many: str) -> Iterator[str]:
    """Compare a list of rows; where a row is cited is no difference: the numbers of references shift."""
    was, now = _rows(before[name]["rows"]), _rows(after[name]["rows"])
    came, went = len([row for row in now if row not in was]), len([row for row in was if row not in now])
    if came:
        yield f"{came} {one if came == 1 else many} new or changed"
    elif went:
        yield f"{went} {one if went == 1 else many} no longer there"


def _rows(rows: Iterable[Row]) -> list[Row]:
    return [{name: value for name, value in row.items() if name != "source"} for row in rows]


def moved_totals(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    """Return each total that came, went or changed."""
    old, new = _totals(before), _totals(after)
    return [
        {"basis": key[0], "measure": key[1], "before": old.get(key, ""), "after": new.get(key, "")}
        for key in dict.fromkeys([*new, *old])
        if old.get(key) != new.get(key)
    ]


def _totals(data: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    bases = (data.get("totals") or {}).get("bases", [])
    return {(group["basis"], row["measure"]): row["total"] for group in bases for row in group["rows"]}

"""Which table a sheet holds and which of our columns its headings mean; what a network said once is remembered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from rapidfuzz import fuzz, process

from portal.exchange.imports.columns import heading_key
from portal.exchange.imports.tables import BY_KEY, ENTRY_KEY, KINDS, TABLES, Table
from portal.exchange.models import ColumnMatch
from portal.organisations.models import Organisation

LIKE_ENOUGH = 80


def match_sheets(sheets: Sequence[Mapping[str, Any]], network: Organisation) -> tuple[list[dict[str, Any]], bool]:
    """Propose table and columns of each sheet; say whether every heading is sure."""
    remembered = remembered_by(network)
    matched = [_match(sheet, remembered) for sheet in sheets]
    is_sure = all(sheet["is_sure"] for sheet in matched) and any(sheet["table"] for sheet in matched)
    return matched, is_sure


def remembered_by(network: Organisation) -> dict[tuple[str, str], str]:
    rows = ColumnMatch.objects.filter(network=network).values_list("table", "heading", "column")
    return {(table, heading): column for table, heading, column in rows}


def _match(sheet: Mapping[str, Any], remembered: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    table = _table_of(sheet, remembered)
    if table is None:
        return {**sheet, "table": "", "columns": [""] * len(sheet["headings"]), "is_sure": not sheet["rows"]}
    told = columns_for(table, sheet["headings"], remembered)
    is_sure = all(sure for _, sure in told) and not why_not(table, [column for column, _ in told])
    return {**sheet, "table": table.key, "columns": [column for column, _ in told], "is_sure": is_sure}


def _table_of(sheet: Mapping[str, Any], remembered: Mapping[tuple[str, str], str]) -> Table | None:
    """Return the table by the sheet's name, else the one that knows most of the headings."""
    name = heading_key(str(sheet["name"]).rsplit(".", 1)[0])
    for table in TABLES:
        if name in (heading_key(table.sheet), heading_key(table.key)):
            return table
    counts = {table.key: _known(table, sheet["headings"], remembered) for table in TABLES}
    best = max(counts, key=lambda key: counts[key])
    return BY_KEY[best] if counts[best] >= 2 else None


def _known(table: Table, headings: Sequence[str], remembered: Mapping[tuple[str, str], str]) -> int:
    return sum(bool(column) and sure for column, sure in columns_for(table, headings, remembered))


def columns_for(
    table: Table, headings: Sequence[str], remembered: Mapping[tuple[str, str], str]
) -> list[tuple[str, bool]]:
    """Return for each heading the column it means and whether that is sure; each column is given once."""
    names = {name: column.key for column in table.columns for name in column.headings}
    told: list[tuple[str, bool]] = []
    for heading in map(heading_key, headings):
        column, is_sure = names.get(heading, ""), heading in names or not heading
        if not is_sure and (table.key, heading) in remembered:
            column, is_sure = remembered[table.key, heading], True
        told.append((column, is_sure))
    given = {column for column, _ in told}
    for place, (_, is_sure) in enumerate(told):
        if not is_sure:
            guess = _nearest(
                heading_key(headings[place]), {name: key for name, key in names.items() if key not in given}
            )
            told[place] = (guess, False)
            given.add(guess)
    counts = Counter(column for column, _ in told if column)
    return [(column, sure and counts[column] < 2) for column, sure in told]


def _nearest(heading: str, names: Mapping[str, str]) -> str:
    near = process.extractOne(heading, list(names), scorer=fuzz.WRatio, score_cutoff=LIKE_ENOUGH)
    return names[near[0]] if near else ""


def why_not(table: Table, columns: Sequence[str]) -> str:
    """Say what keeps these columns from being enough or from being clear; empty when nothing does."""
    chosen = [column for column in columns if column]
    twice = sorted({column for column in chosen if chosen.count(column) > 1})
    if twice:
        return f"Two headings are matched to “{table.by_key[twice[0]].label}”. Leave one of them out."
    if table not in KINDS and ENTRY_KEY not in chosen:
        return "Say which heading holds the entry’s address: without it a row belongs to nothing."
    if table in KINDS and not {"address", "title"} & set(chosen):
        return "Say which heading holds the address or the title: without one a row is no entry."
    return ""


@transaction.atomic
def remember(network: Organisation, table: Table, headings: Sequence[str], columns: Sequence[str]) -> None:
    """Keep what somebody said of headings that don't tell by themselves."""
    own = {name for column in table.columns for name in column.headings}
    for heading, column in zip(map(heading_key, headings), columns, strict=True):
        if heading and heading not in own:
            ColumnMatch.objects.update_or_create(
                network=network, table=table.key, heading=heading, defaults={"column": column}
            )

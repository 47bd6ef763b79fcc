"""What explains the files: the data dictionary, a data package's description, and a page to read first."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from portal.core.csv_lines import csv_lines
from portal.core.formatting import format_moment
from portal.core.licence import NOT_COVERED, licence
from portal.exchange.bulk.columns import BETWEEN
from portal.exchange.bulk.tables import TABLES, WALKS

COLUMNS = ["table", "column", "kind", "may_be_empty", "about", "values"]
# The kinds of columns as the Table Schema of data packages calls them.
TYPES = {"text": "string", "list": "string"}
NOTES = (
    "Only what is public is here: no draft, and nothing of a person.",
    "An empty cell means that nobody stated it, never “no” and never zero.",
    "Numbers have every digit; a workbook's number has fifteen, and one with more stays text.",
    "A figure never travels without its unit, qualifier, basis, period and place. Don’t add figures up: some say the "
    "same hours twice. The site’s totals count no hour twice.",
    "Lists have semicolons between their values. JSON Lines are the rows as the API tells them, parts within their "
    "wholes.",
    "In CSV a text that a spreadsheet might take for a formula has an apostrophe before it, and any | in it a "
    "backslash, and no text begins with a space; JSON Lines have the text as it is.",
    "CSV is UTF-8 with a byte order mark. In the workbook a text of more than 32,767 characters ends in “…”, and a "
    "table of more than 1,048,575 rows goes on on a second sheet.",
)


def dictionary_rows() -> list[list[str]]:
    """Return every column of every table, under COLUMNS."""
    return [
        [table.name, column.name, column.kind, "true" if column.may_be_empty else "false", column.about, values]
        for table in TABLES.values()
        for column in table.columns
        for values in [BETWEEN.join(value for value in column.values if value)]
    ]


def facts(as_at: datetime) -> list[list[str]]:
    """Return what the files are, of when and whose, as pairs."""
    return [
        ["What", f"{settings.SITE_NAME}: the whole public catalogue"],
        ["As at", f"{format_moment(as_at)} ({as_at.isoformat()})"],
        ["Licence", f"{licence().name}: {licence().address}"],
        ["What the licence covers", NOT_COVERED],
        ["How to credit it", f"{settings.SITE_NAME}, {settings.SITE_URL}/, as at {timezone.localdate(as_at)}"],
        ["Where it is from", f"{settings.SITE_URL}/data/"],
        *(["To know", note] for note in NOTES),
    ]


def front_sheets(as_at: datetime) -> list[tuple[str, list[list[str]]]]:
    """Return the sheets before a workbook's tables, each with its columns' names first."""
    return [("About", [["About these data", ""], *facts(as_at)]), ("Dictionary", [COLUMNS, *dictionary_rows()])]


def write_about(folder: Path, as_at: datetime, sums: dict[str, tuple[int, str]]) -> None:
    """Write what explains the tables beside them; `sums` are the size and SHA-256 of each that is there."""
    about = "\n\n".join(f"{name}: {text}" for name, text in facts(as_at))
    tables = "\n".join(f"{table.name}.csv: {table.about}" for table in TABLES.values())
    walks = "\n".join(f"{walk.name}.jsonl: {walk.about}" for walk in WALKS)
    (folder / "README.txt").write_text(f"{about}\n\n{tables}\n\n{walks}\n\ndictionary.csv: what each column is.\n")
    lines = "".join(csv_lines(COLUMNS, dictionary_rows()))
    (folder / "dictionary.csv").write_text(lines, encoding="utf-8", newline="")
    package = json.dumps(_package(as_at, sums), ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(package + "\n", encoding="utf-8")


def _package(as_at: datetime, sums: dict[str, tuple[int, str]]) -> dict[str, Any]:
    """Return the description of the tables as a data package (Frictionless Data)."""
    return {
        "profile": "tabular-data-package",
        "name": "workforce-innovation-catalogue",
        "title": f"{settings.SITE_NAME}: the whole public catalogue",
        "homepage": f"{settings.SITE_URL}/data/",
        "created": as_at.isoformat(),
        "version": f"{timezone.localdate(as_at)}",
        "licenses": [{"name": licence().key, "title": licence().name, "path": licence().address}],
        "resources": [_resource(name, *sums[f"{name}.csv"]) for name in TABLES],
    }


def _resource(name: str, size: int, sha256: str) -> dict[str, Any]:
    table = TABLES[name]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "schema": {"fields": [_field(column) for column in table.columns], "missingValues": [""]},
    }


def _field(column: Any) -> dict[str, Any]:
    told = {
        "name": column.name,
        "type": TYPES.get(column.kind, column.kind),
        "description": column.about,
        "constraints": {"required": not column.may_be_empty},
    }
    if column.values:
        told["constraints"]["enum"] = [value for value in column.values if value]
    return told

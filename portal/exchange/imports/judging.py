"""What a row that was read would break, and what it says already."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.adoption.models import AdoptionRecord
from portal.catalogue.models import EntryEvidence
from portal.core.constraints import broken_by
from portal.core.formatting import format_date
from portal.evidence.models import Evidence
from portal.exchange.imports.known import Known
from portal.exchange.imports.tables import SOURCES, Table, problem

REGEX_CHECKED = {"on", "published"}
"""Partial dates: their column has checked them, in better words."""


def verified(record: AdoptionRecord, title: str) -> dict[str, str]:
    day = format_date(record.verified_at.date()) if record.verified_at else ""
    fix = "Give a new event with its own date, or leave it as it is."
    return problem("", title, f"This record was verified on {day}.", fix)


def name_of(table: Table, row: Any) -> str:
    if table is SOURCES:
        return str(row.evidence.title or row.evidence.key)
    return str(row)


def says(table: Table, key: str, text: str, before: str, known: Known) -> bool:
    """Say whether a cell means what stands there, however it is written."""
    if text == before:
        return True
    scratch = EntryEvidence(evidence=Evidence())
    problems: list[dict[str, str]] = []
    table.resource.import_instance(scratch, {key: text}, known=known, problems=problems)
    return not problems and table.texts(scratch, known, [key])[key] == before


def unread(table: Table, problems: Iterable[Mapping[str, str]]) -> set[str]:
    """Return the fields whose cells could not be read: what follows from them is no second problem."""
    told = {item["column"] for item in problems}
    fields = {column.attribute for column in table.columns if column.label in told}
    return fields | ({"period_start", "period_end"} if "period_kind" in fields else set())


def broken(row: Any, exclude: Iterable[str] = ()) -> list[dict[str, str]]:
    """Return the model's own promises that a row would break; what is empty is told by its column."""
    return [
        problem("", "", "The cells of this row don’t go together.", str(constraint.get_violation_error_message()))
        for constraint in broken_by(row, exclude={*exclude, *REGEX_CHECKED})
    ]


def fill(
    table: Table, instance: Any, cells: Mapping[str, str], known: Known
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Put cells into a row that is there or begins; return the problems, and what differs from before."""
    before = table.texts(instance, known, cells)
    # What stands there already is not read again: a name with a semicolon stays as it is.
    told = {key: text for key, text in cells.items() if text and text != before.get(key)}
    problems = table.read(instance, told, known)
    after = table.texts(instance, known, cells)
    changes = [
        {"column": table.by_key[key].label, "before": before[key], "after": after[key]}
        for key in before
        if before[key] != after[key]
    ]
    return problems, changes

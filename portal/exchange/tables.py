"""The organisations' tables: CSV files under `portal/organisations/tables/`.

`README.md` beside them says what each column is. Every problem names file, row, column
and reason; rows count from 2, because the header is row 1, as spreadsheets show it.
"""

import csv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from portal.exchange.schema import Line, OrganisationCode, PartialDate
from portal.exchange.yaml_files import BrokenDataFile


def _empty_is_none(value: Any) -> Any:
    return None if value == "" else value


MaybeDate = Annotated[date | None, BeforeValidator(_empty_is_none)]
MaybeCode = Annotated[OrganisationCode | None, BeforeValidator(_empty_is_none)]
MaybePartialDate = Annotated[PartialDate | None, BeforeValidator(_empty_is_none)]


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Country(Row):
    code: OrganisationCode
    name: Line
    within: MaybeCode


class Region(Row):
    code: OrganisationCode
    name: Line
    ons_code: str
    within: OrganisationCode
    source: Line


class Icb(Row):
    code: OrganisationCode
    name: Line
    short_name: Line
    ons_code: str
    region: OrganisationCode
    opened: date
    closed: MaybeDate
    source: Line


class IcbMapTile(Row):
    boards_from: date
    icb: OrganisationCode
    column: int
    row: int


class IcbSuccession(Row):
    predecessor: OrganisationCode
    successor: OrganisationCode
    on: date
    source: Line


class Network(Row):
    code: OrganisationCode
    name: Line
    abbreviation: str
    former_name: str
    renamed_on: MaybePartialDate
    area: str
    coverage_complete: Literal["yes", "no"]
    note: str
    source: Line


class NetworkBoard(Row):
    network: OrganisationCode
    icb: OrganisationCode
    source: Line


class Trust(Row):
    code: OrganisationCode
    name: Line
    former_name: str
    legal_form: str
    type: Literal["acute", "acute_specialist", "ambulance", "community", "mental_health", ""]
    type_basis: str
    region: OrganisationCode
    icb_2022: MaybeCode
    icb_2026: MaybeCode
    town: str
    opened: MaybeDate
    closed: MaybeDate
    source: Line


class Source(Row):
    key: Line
    title: Line
    publisher: str
    date: MaybePartialDate
    url: str


TABLES: dict[str, type[Row]] = {
    "sources": Source,
    "countries": Country,
    "regions": Region,
    "icbs": Icb,
    "icb_map_tiles": IcbMapTile,
    "icb_successions": IcbSuccession,
    "networks": Network,
    "network_boards": NetworkBoard,
    "trusts": Trust,
}


@dataclass(frozen=True)
class Tables:
    """Every table, as checked rows."""

    sources: list[Source] = field(default_factory=list)
    countries: list[Country] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    icbs: list[Icb] = field(default_factory=list)
    icb_map_tiles: list[IcbMapTile] = field(default_factory=list)
    icb_successions: list[IcbSuccession] = field(default_factory=list)
    networks: list[Network] = field(default_factory=list)
    network_boards: list[NetworkBoard] = field(default_factory=list)
    trusts: list[Trust] = field(default_factory=list)

    def codes(self) -> set[str]:
        """Return every organisation's code."""
        tables: list[list[Any]] = [self.countries, self.regions, self.icbs, self.networks, self.trusts]
        return {row.code for table in tables for row in table}


def read_table(path: Path, row_type: type[Row]) -> list[Any]:
    """Return the table's rows, or raise BrokenDataFile with every problem in it."""
    rows, problems = [], []
    with path.open(encoding="utf-8", newline="") as file:
        for number, values in enumerate(csv.DictReader(file, restkey="(extra)"), start=2):
            try:
                rows.append(row_type.model_validate({key: value or "" for key, value in values.items()}))
            except ValidationError as error:
                problems += [
                    f"{path}: row {number}: {'.'.join(map(str, p['loc']))}: {p['msg'].removeprefix('Value error, ')}"
                    for p in error.errors()
                ]
    if problems:
        raise BrokenDataFile("\n".join(problems))
    return rows


def _unknown_codes(tables: Tables, name: str, columns: list[str]) -> list[str]:
    known = tables.codes()
    return [
        f"{name}.csv: row {number}: {column}: no organisation has the code '{getattr(row, column)}'"
        for number, row in enumerate(getattr(tables, name), start=2)
        for column in columns
        if getattr(row, column) and getattr(row, column) not in known
    ]


def _unknown_sources(tables: Tables) -> list[str]:
    known = {row.key for row in tables.sources}
    return [
        f"{name}.csv: row {number}: source: sources.csv has no key '{key}'"
        for name in ("regions", "icbs", "icb_successions", "networks", "network_boards", "trusts")
        for number, row in enumerate(getattr(tables, name), start=2)
        for key in row.source.split()
        if key not in known
    ]


REFERENCES = {
    "countries": ["within"],
    "regions": ["within"],
    "icbs": ["region"],
    "icb_map_tiles": ["icb"],
    "icb_successions": ["predecessor", "successor"],
    "network_boards": ["network", "icb"],
    "trusts": ["region", "icb_2022", "icb_2026"],
}


def read_tables(folder: Path) -> Tables:
    """Read and check every table, or raise BrokenDataFile with every problem in all of them."""
    problems: list[str] = []
    rows: dict[str, list[Any]] = {}
    for name, row_type in TABLES.items():
        try:
            rows[name] = read_table(folder / f"{name}.csv", row_type)
        except FileNotFoundError:
            problems.append(f"{folder / name}.csv: the table is missing")
        except BrokenDataFile as error:
            problems.append(str(error))
    if not problems:
        tables = Tables(**rows)
        problems = [line for name, columns in REFERENCES.items() for line in _unknown_codes(tables, name, columns)]
        problems += _unknown_sources(tables)
    if problems:
        raise BrokenDataFile("\n".join(problems))
    return tables

"""Load the organisations' tables."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from portal.evidence.models import Evidence
from portal.exchange.tables import Source, Tables
from portal.organisations.models import (
    MapTile,
    Membership,
    Organisation,
    OrganisationCode,
    OrganisationName,
    Succession,
)

BOARDS_OF_2026 = date(2026, 4, 1)
ENGLAND = "ENG"


def load_organisations(tables: Tables) -> dict[str, Organisation]:
    """Bring every organisation and what hangs on it to what the tables say; return them by code."""
    found = _load_rows(tables)
    _set_regions(tables, found)
    Membership.objects.all().delete()
    Membership.objects.bulk_create(
        Membership(organisation=found[code], within=found[within], start=start, end=end)
        for code, within, start, end in _memberships(tables)
    )
    Succession.objects.all().delete()
    Succession.objects.bulk_create(
        Succession(predecessor=found[row.predecessor], successor=found[row.successor], on=row.on)
        for row in tables.icb_successions
    )
    MapTile.objects.all().delete()
    MapTile.objects.bulk_create(
        MapTile(organisation=found[row.icb], boards_from=row.boards_from, column=row.column, row=row.row)
        for row in tables.icb_map_tiles
    )
    _load_names_and_codes(tables, found)
    return found


def load_sources(tables: Tables, found: dict[str, Organisation]) -> None:
    """Keep the tables' sources, and which organisation's row was read from which."""
    sources = {row.key: _source(row) for row in tables.sources}
    rows: list[Any] = [*tables.regions, *tables.icbs, *tables.networks, *tables.trusts]
    link = Evidence.organisations.through
    link.objects.all().delete()
    link.objects.bulk_create(
        link(evidence=sources[key], organisation=found[row.code]) for row in rows for key in row.source.split()
    )


def _source(row: Source) -> Evidence:
    values = {"title": row.title, "publisher": row.publisher, "published": row.date or "", "url": row.url}
    return Evidence.objects.update_or_create(key=row.key, defaults=values)[0]


def _load_rows(tables: Tables) -> dict[str, Organisation]:
    """Create or update each organisation's own row."""
    wanted = dict(_wanted_rows(tables))
    found = {organisation.code: organisation for organisation in Organisation.objects.all()}
    new = [Organisation(code=code, **values) for code, values in wanted.items() if code not in found]
    Organisation.objects.bulk_create(new)
    for code, values in wanted.items():
        if code in found:
            for name, value in values.items():
                setattr(found[code], name, value)
    old = [found[code] for code in wanted if code in found]
    if old:
        Organisation.objects.bulk_update(old, list(next(iter(wanted.values()))))
    return {organisation.code: organisation for organisation in Organisation.objects.all()}


def _values(kind: str, name: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(
        ("short_name", "abbreviation", "trust_type", "trust_type_basis", "legal_form", "town", "area", "note"), ""
    )
    return {"kind": kind, "name": name, **empty, "opened_on": None, "closed_on": None, **more}


def _wanted_rows(tables: Tables) -> Iterable[tuple[str, dict[str, Any]]]:
    for country in tables.countries:
        yield country.code, _values("country", country.name)
    for region in tables.regions:
        yield region.code, _values("region", region.name)
    for icb in tables.icbs:
        dates = {"opened_on": icb.opened, "closed_on": icb.closed}
        yield icb.code, _values("icb", icb.name, short_name=icb.short_name, **dates)
    for network in tables.networks:
        words = {"abbreviation": network.abbreviation, "area": network.area, "note": network.note}
        yield network.code, _values("network", network.name, **words)
    for trust in tables.trusts:
        yield (
            trust.code,
            _values(
                "trust",
                trust.name,
                trust_type=trust.type,
                trust_type_basis=trust.type_basis,
                legal_form=trust.legal_form,
                town=trust.town,
                opened_on=trust.opened,
                closed_on=trust.closed,
            ),
        )


def _set_regions(tables: Tables, found: dict[str, Organisation]) -> None:
    rows: list[Any] = [*tables.icbs, *tables.trusts]
    regions = {row.code: row.region for row in rows}
    changed = [found[code] for code in regions]
    for organisation in changed:
        organisation.region = found[regions[organisation.code]]
    Organisation.objects.bulk_update(changed, ["region"])


def _memberships(tables: Tables) -> Iterable[tuple[str, str, date | None, date | None]]:
    """Yield code, within, first day and last day."""
    places: list[Any] = [*tables.countries, *tables.regions]
    for place in places:
        if place.within:
            yield place.code, place.within, None, None
    for icb in tables.icbs:
        yield icb.code, icb.region, icb.opened, icb.closed
    for board in tables.network_boards:
        yield board.icb, board.network, None, None
    for network in tables.networks:
        yield network.code, ENGLAND, None, None
    for trust in tables.trusts:
        yield from _memberships_of_trust(trust.code, trust.icb_2022, trust.icb_2026)


def _memberships_of_trust(
    code: str, before: str | None, after: str | None
) -> Iterable[tuple[str, str, date | None, date | None]]:
    if before and before == after:
        yield code, before, None, None
        return
    if before:
        yield code, before, None, BOARDS_OF_2026 - timedelta(days=1) if after else None
    if after:
        yield code, after, BOARDS_OF_2026, None


def _load_names_and_codes(tables: Tables, found: dict[str, Organisation]) -> None:
    names = [(row.code, row.former_name, row.renamed_on or "") for row in tables.networks]
    names += [(row.code, row.former_name, "") for row in tables.trusts]
    OrganisationName.objects.all().delete()
    OrganisationName.objects.bulk_create(
        OrganisationName(organisation=found[code], name=name, until=until) for code, name, until in names if name
    )
    coded: list[Any] = [*tables.regions, *tables.icbs]
    OrganisationCode.objects.all().delete()
    OrganisationCode.objects.bulk_create(
        OrganisationCode(organisation=found[row.code], system="ONS", code=row.ons_code) for row in coded if row.ons_code
    )

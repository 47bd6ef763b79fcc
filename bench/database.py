"""A large database of the portal's own tables, filled in bulk. Django is set up before this is imported."""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from uuid import UUID

from django.db import connection, transaction
from django.db.models import AutoField, Model

from bench import worlds
from casestudies.models import CaseStudy
from innovations.models import Innovation
from portal.benefits.calculations import Candidate
from portal.benefits.models import BenefitFigure, Measure
from portal.catalogue.models import CatalogueVersion, Entry, Theme
from portal.evidence.models import Evidence
from portal.organisations.models import Membership, Organisation

THEMES = 7
INNOVATIONS_ONE_IN = 17
SAME = {
    "entry": "entry_id",
    "source": "evidence_id",
    "place": "place_id",
    "value": "value",
    "label": "label",
    "qualifier": "qualifier",
    "role": "role",
    "basis": "basis",
    "achievement": "achievement",
    "gross_or_net": "gross_or_net",
    "overlap_group": "overlap_group",
    "period_kind": "period_kind",
    "start": "period_start",
    "end": "period_end",
}  # what the ledger's values and the table's columns are called
SUMMARY = "What it is and what it changes, in two or three plain sentences as an editor would write them. " * 3


def fill(figures: list[Candidate], measures: list[str]) -> None:
    """Fill the tables with these figures and all they rest on."""
    with transaction.atomic():
        _add_places()
        _add_reference(measures)
        _add_entries(figures)
        _add_figures(figures, measures)
        CatalogueVersion.move()
    connection.cursor().execute("ANALYZE")


def _add(model: type[Model], columns: tuple[str, ...], rows: Iterable[tuple]) -> None:
    """Insert rows of these columns; the model's other columns get their defaults, and a number where they count.

    Straight through the database's own driver, which is several times faster than bulk_create and takes child rows.
    """
    others = [field for field in model._meta.local_concrete_fields if field.column not in columns]
    fields = [field for field in others if not isinstance(field, AutoField)]
    names = [*columns, *(field.column for field in fields)]
    defaults = tuple(field.get_db_prep_save(field.get_default(), connection) for field in fields)
    quoted, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    into = f"{model._meta.db_table} ({quoted})"
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        statement = f"insert into {into} values ({marks})"  # noqa: S608  our models' own names
        connection.connection.executemany(statement, ((*row, *defaults) for row in rows))
        return
    with connection.cursor() as cursor, cursor.copy(f"copy {into} from stdin") as copy:
        for row in rows:
            copy.write_row((*row, *defaults))


def _add_places() -> None:
    rows = (
        (place, "ENG" if place == worlds.ENGLAND else f"PLACE{place}", kind, f"Place {place}", worlds.region_of(place))
        for place, kind in worlds.KINDS.items()
    )
    _add(Organisation, ("id", "code", "kind", "name", "region_id"), rows)
    held = ((place, holder) for place in worlds.KINDS if (holder := worlds.holder_of(place)))
    _add(Membership, ("organisation_id", "within_id"), held)


def _add_reference(measures: list[str]) -> None:
    _add(
        Measure,
        ("id", "key", "name", "topic", "unit", "additive", "definition", "author", "status", "position"),
        (
            (number, key, f"Hours released, {key}", "time", "hours", 1, "Hours.", "Bench", "in_use", number)
            for number, key in enumerate(measures, start=1)
        ),
    )
    themes = ((number, f"Theme {number}", f"theme-{number}") for number in range(1, THEMES + 1))
    _add(Theme, ("id", "name", "slug"), themes)
    _add(Evidence, ("id", "key", "title", "publisher", "published", "url", "type"), _evidence())


def _evidence() -> Iterator[tuple]:
    """Yield sources as strong and as new as the figures say of theirs."""
    types = list(reversed(Evidence.Type.values))
    for source in range(1, worlds.SOURCES + 1):
        address = f"https://evidence.example/{source}"
        told = worlds.strength_of(source), worlds.date_of(source)
        yield source, f"source-{source}", f"Evaluation {source}", "A publisher", told[1], address, types[told[0] - 1]


def _add_entries(figures: list[Candidate]) -> None:
    families = {figure.entry: figure.family for figure in figures}
    rows = (
        (
            entry,
            1,
            "innovation" if _is_innovation(entry) else "case_study",
            f"Entry {entry}",
            f"entry-{entry}",
            SUMMARY,
            family,
        )
        for entry, family in families.items()
    )
    _add(Entry, ("id", "live", "kind", "title", "slug", "summary", "family"), rows)
    _add(Innovation, ("entry_ptr_id",), ((entry,) for entry in families if _is_innovation(entry)))
    _add(CaseStudy, ("entry_ptr_id",), ((entry,) for entry in families if not _is_innovation(entry)))
    themed = ((entry, entry % THEMES + 1) for entry in families)
    _add(Entry.themes.through, ("entry_id", "theme_id"), themed)


def _is_innovation(entry: int) -> bool:
    return entry % INNOVATIONS_ONE_IN == 0


def _add_figures(figures: list[Candidate], measures: list[str]) -> None:
    ids = {key: number for number, key in enumerate(measures, start=1)}
    columns = ("measure_id", "public_id", "key", "sort_order", "restates", "supersedes", *SAME.values())
    values = attrgetter(*SAME)
    rows = (
        (
            ids[row.measure],
            _hex(row.figure),
            f"figure-{number}",
            0,
            _hex(row.restates),
            _hex(row.supersedes),
            *values(row),
        )
        for number, row in enumerate(figures)
    )
    _add(BenefitFigure, columns, rows)


def _hex(public_id: str | None) -> str | None:
    return UUID(public_id).hex if public_id else None

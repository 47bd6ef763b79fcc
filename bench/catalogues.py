"""A large catalogue in the portal's own tables: realistic text, a few values common and many rare.

Django is set up before this is imported. The same number of entries gives the same catalogue.
"""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from bench import worlds
from bench.database import _add, _add_places
from casestudies.models import CaseStudy
from innovations.models import Innovation, InnovationKind
from portal.adoption.models import AdoptionRecord
from portal.benefits.models import BenefitFigure, Measure
from portal.catalogue.finding.terms import words_of
from portal.catalogue.models import (
    CareSetting,
    CatalogueVersion,
    Entry,
    EntryEvidence,
    PlanStrand,
    SearchText,
    SearchWord,
    StaffGroup,
    Theme,
    WorkforceChallenge,
)
from portal.evidence.models import Evidence

LISTS: dict[str, tuple[Any, int, Any]] = {
    "themes": (Theme, 13, Entry.themes.through),
    "plan_strands": (PlanStrand, 3, Entry.plan_strands.through),
    "care_settings": (CareSetting, 10, Entry.care_settings.through),
    "staff_groups": (StaffGroup, 12, Entry.staff_groups.through),
    "workforce_challenges": (WorkforceChallenge, 9, Entry.workforce_challenges.through),
}
SOURCES = 20_000
STAGES = ("exploring", "piloting", "adopted_in_part", "adopted", "spread", "sustained")
OFTEN = """
staff nurse bank shared ward system trust training patient hours shifts team care roster apprentices passport
digital tool agency community mental health social recruitment retention flexible rotation induction academy
discharge referral triage remote monitoring repeat stroke assessment virtual pathway workforce
"""
COMMON = OFTEN.split()
SYLLABLES = [f"{first}{then}" for first in "bcdfghjklmnprstvwz" for then in "aeiou"]


class Texts:
    """Words as a language has them: some forty in nearly every text, thousands that are rare."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.rare = ["".join(self.chance.choices(SYLLABLES, k=3)) for _ in range(12_000)]
        self.words = COMMON + self.rare
        weights = [1 / (rank + 3) for rank in range(len(self.words))]
        self._cumulative = [sum(weights[:1])]
        for weight in weights[1:]:
            self._cumulative.append(self._cumulative[-1] + weight)

    def some(self, how_many: int) -> str:
        return " ".join(self.chance.choices(self.words, cum_weights=self._cumulative, k=how_many))

    def few_of(self, how_many: int) -> list[int]:
        """Return one or two numbers from 1 on, the low ones often."""
        picked = {
            min(how_many, 1 + int(self.chance.expovariate(3 / how_many))) for _ in range(self.chance.choice((1, 2)))
        }
        return sorted(picked)


def fill(entries: int) -> None:
    """Fill the tables with so many entries and all they rest on."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET LOCAL statement_timeout = 0")  # a web process gives up after seconds
        _add_places()
        _add_lists()
        _add_entries(entries)
        CatalogueVersion.move()
    connection.cursor().execute("ANALYZE")


def _add_lists() -> None:
    for name, (model, how_many, _) in LISTS.items():
        _add(
            model,
            ("id", "name", "slug", "position"),
            ((n, f"{name} {n}", f"{name}-{n}", n) for n in range(1, how_many + 1)),
        )
    _add(InnovationKind, ("id", "name", "slug"), ((n, f"Kind {n}", f"kind-{n}") for n in range(1, 8)))
    measure = (1, "hours-released", "Staff hours released", "time", "hours", 1, "Hours.", "Bench", "in_use")
    _add(Measure, ("id", "key", "name", "topic", "unit", "additive", "definition", "author", "status"), [measure])
    types = list(Evidence.Type.values)
    rows = (
        (
            n,
            f"source-{n}",
            f"Evaluation {n}",
            "A publisher",
            str(2015 + n % 11),
            f"https://evidence.example/{n}",
            types[n % len(types)],
        )
        for n in range(1, SOURCES + 1)
    )
    _add(Evidence, ("id", "key", "title", "publisher", "published", "url", "type"), rows)


def _add_entries(how_many: int) -> None:
    texts = Texts(how_many)
    told = [_told(number, texts) for number in range(1, how_many + 1)]
    columns = ("id", "live", "kind", "title", "slug", "summary", "challenge", "first_published_at", "version")
    _add(Entry, columns, (one["entry"] for one in told))
    _add(Innovation, ("entry_ptr_id",), ((n,) for n in range(1, how_many + 1) if n % 3 == 0))
    _add(CaseStudy, ("entry_ptr_id",), ((n,) for n in range(1, how_many + 1) if n % 3))
    for name, (model, _, through) in LISTS.items():
        column = f"{model.__name__.lower()}_id"
        _add(through, ("entry_id", column), ((n, value) for n, one in enumerate(told, 1) for value in one[name]))
    _add(Entry.places.through, ("entry_id", "organisation_id"), ((n, one["place"]) for n, one in enumerate(told, 1)))
    _add(EntryEvidence, ("entry_id", "evidence_id", "finding", "public_id", "sort_order"), _links(how_many))
    _add(BenefitFigure, FIGURE, _figures(how_many, texts.chance))
    _add(AdoptionRecord, ADOPTION, _adoptions(how_many, texts.chance))
    rows = ((n, *one["text"]) for n, one in enumerate(told, 1))
    _add(SearchText, ("entry_id", "title", "summary", "facts", "body", "labels"), rows)
    _add(SearchWord, ("word", "entries"), ((word, 10) for word in sorted(set(texts.words))))


def _told(number: int, texts: Texts) -> dict[str, Any]:
    title = f"{texts.some(5).capitalize()} {number}"
    summary, challenge = f"{texts.some(45).capitalize()}.", f"{texts.some(80).capitalize()}."
    kind = "innovation" if number % 3 == 0 else "case_study"
    day = f"20{15 + number % 11}-{1 + number % 12:02}-{1 + number % 28:02} 09:00:00"
    boards = worlds.BOARDS
    told: dict[str, Any] = {name: texts.few_of(how_many) for name, (_, how_many, _) in LISTS.items()}
    told["place"] = boards[min(len(boards) - 1, int(texts.chance.expovariate(0.08)))]
    told["entry"] = (number, 1, kind, title, f"entry-{number}", summary, challenge, day, 1)
    told["text"] = (
        title,
        summary,
        f"Evaluation {number} Staff hours released",
        challenge,
        '{"body": ["The challenge"], "facts": ["Evidence"]}',
    )
    return told


def _id(chance: random.Random) -> str:
    return f"{chance.getrandbits(128):032x}"


def _links(how_many: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(1)
    for number in range(1, how_many + 1):
        yield number, number % SOURCES + 1, "It released staff time.", _id(chance), 0


FIGURE = (
    *("entry_id", "measure_id", "evidence_id", "public_id", "key", "label", "value", "role", "basis"),
    *("achievement", "period_kind", "place_id", "sort_order"),
)
ADOPTION = ("entry_id", "organisation_id", "stage", "on", "said_by", "public_id", "reported_at")


def _figures(how_many: int, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    for number in range(1, how_many + 1):
        if chance.random() < 0.6:
            basis, value = chance.choice(("observed", "observed", "modelled")), chance.randrange(10, 90_000)
            source, place = number % SOURCES + 1, chance.choice(worlds.TRUSTS)
            yield (
                *(number, 1, source, _id(chance), f"figure-{number}", "Staff hours released", value),
                *("benefit", basis, "achieved", "not_stated", place, 0),
            )


def _adoptions(how_many: int, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    for number in range(1, how_many + 1):
        for trust in chance.sample(worlds.TRUSTS, chance.choice((0, 1, 1, 2))):
            when = f"{2018 + trust % 8}"
            yield number, trust, chance.choice(STAGES), when, "The trust", _id(chance), "2026-01-01 09:00:00"


def write_flat(file: Path) -> None:
    """Write the same published entries as one wide table with its own word index: what Datasette browses best."""
    file.unlink(missing_ok=True)
    flat = sqlite3.connect(file)
    flat.execute(
        "create table entries (id integer primary key, kind text, title text, summary text, challenge text, "
        "theme text, strand text, setting text, staff text, board text, year text)"
    )
    source = connection.connection
    first = {name: dict(source.execute(_first_tag(model, through))) for name, (model, _, through) in LISTS.items()}
    board = dict(source.execute("select entry_id, organisation_id from catalogue_entry_places"))
    rows = source.execute(
        "select id, kind, title, summary, challenge, first_published_at from catalogue_entry where live"
    )
    flat.executemany(
        "insert into entries values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(pk, kind, title, summary, challenge, f"themes-{first['themes'][pk]}"),
                *(f"plan_strands-{first['plan_strands'][pk]}", f"care_settings-{first['care_settings'][pk]}"),
                *(f"staff_groups-{first['staff_groups'][pk]}", f"PLACE{board[pk]}", str(day)[:4]),
            )
            for pk, kind, title, summary, challenge, day in rows
        ),
    )
    for column in ("kind", "theme", "strand", "setting", "staff", "board", "year"):
        flat.execute(f"create index entries_{column} on entries ({column})")
    flat.execute(
        "create virtual table entries_fts using fts5(title, summary, challenge, content='entries', content_rowid='id')"
    )
    flat.execute("insert into entries_fts (entries_fts) values ('rebuild')")
    flat.commit()
    flat.execute("analyze")
    flat.close()


def _first_tag(model: Any, through: Any) -> str:
    column = f"{model.__name__.lower()}_id"
    return f"select entry_id, min({column}) from {through._meta.db_table} group by 1"  # noqa: S608  our own names


def words_to_look_for(entries: int) -> list[str]:
    """Return words as they stand in titles: common ones often."""
    texts = Texts(entries)
    return [words_of(texts.some(1))[0] for _ in range(2_000)]

"""Words in the database's own index: FTS5 in SQLite, text search in PostgreSQL, behind one small interface.

Both stem, fold accents and know phrases and prefixes. Nothing a reader types reaches either as syntax:
terms are letters and digits by the time they come here (terms.py).
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol

from django.db import DatabaseError, OperationalError, connection, transaction
from pyroaring import BitMap

from portal.catalogue.finding.terms import Clause, Phrase

START, END = "\x02", "\x03"
"""Stand around each matched word of a marked text."""

COLUMNS = ("title", "names", "summary", "facts", "body")
WEIGHTS = (10, 8, 4, 2, 1)


class Section(StrEnum):
    """Where words stand, the telling places first, and last all of them with what stands nowhere else."""

    TITLE = "title"
    SUMMARY = "summary"
    FACTS = "facts"
    ANYWHERE = "anywhere"


class Engine(Protocol):
    def ids(self, phrase: Phrase, section: Section, among: BitMap | None = None) -> BitMap:
        """Return the entries, or those of some, that hold the phrase in this section; other names count as title."""

    def ranks(self, clauses: tuple[Clause, ...], ids: BitMap) -> dict[int, float]:
        """Return how well each of these entries, all of which match, answers; less is better."""

    def marked(self, clauses: tuple[Clause, ...], ids: Iterable[int]) -> dict[int, dict[str, str]]:
        """Return each entry's text by column, with its matched words marked; at most a page of them."""

    def rebuild(self) -> None:
        """Make the index anew from the search texts, also where it is lost; whoever looks meanwhile finds the old."""

    def check(self) -> None:
        """Raise the database's error if the index is not in step with the search texts."""


def engine() -> Engine:
    return _engines()[connection.vendor]


@lru_cache(maxsize=1)
def _engines() -> dict[str, Engine]:
    return {"sqlite": Fts5(), "postgresql": TextSearch()}


class Fts5:
    """SQLite's full-text index, kept in step with SearchText by the database's triggers."""

    IN_SECTION = {
        Section.TITLE: "{title names} : ",
        Section.SUMMARY: "{summary} : ",
        Section.FACTS: "{facts} : ",
        Section.ANYWHERE: "",
    }

    def ids(self, phrase: Phrase, section: Section, among: BitMap | None = None) -> BitMap:
        some = list(among or ())
        rows = _rows(
            "SELECT rowid FROM catalogue_words WHERE catalogue_words MATCH %s"  # noqa: S608  # nosec B608  # placeholders only
            + ("" if among is None else f" AND rowid IN ({_marks(some)})"),
            [f"{self.IN_SECTION[section]}{_quoted(phrase)}", *some],
        )
        return BitMap([row[0] for row in rows])

    def ranks(self, clauses: tuple[Clause, ...], ids: BitMap) -> dict[int, float]:
        rows = _rows(
            "SELECT rowid, bm25(catalogue_words, %s, %s, %s, %s, %s) FROM catalogue_words "
            "WHERE catalogue_words MATCH %s",
            [*WEIGHTS, self._match(clauses)],
        )
        return {pk: rank for pk, rank in rows if pk in ids}

    def marked(self, clauses: tuple[Clause, ...], ids: Iterable[int]) -> dict[int, dict[str, str]]:
        texts = ", ".join(f"highlight(catalogue_words, {column}, %s, %s)" for column in range(len(COLUMNS)))
        wanted = list(ids)
        rows = _rows(
            f"SELECT rowid, {texts} FROM catalogue_words "  # noqa: S608  # nosec B608  # numbers and placeholders only
            f"WHERE catalogue_words MATCH %s AND rowid IN ({_marks(wanted)})",
            [*[START, END] * len(COLUMNS), self._match(clauses), *wanted],
        )
        return {pk: dict(zip(COLUMNS, texts, strict=True)) for pk, *texts in rows}

    @transaction.atomic
    def rebuild(self) -> None:
        for trigger in ("added", "gone", "changed"):
            _run(f"DROP TRIGGER IF EXISTS catalogue_words_{trigger}")
        _run("DROP TABLE IF EXISTS catalogue_words")
        for statement in import_module("portal.catalogue.migrations.0006_word_index").statements_of_sqlite():
            _run(statement)
        _run("INSERT INTO catalogue_words (catalogue_words) VALUES ('rebuild')")

    def check(self) -> None:
        _run("INSERT INTO catalogue_words (catalogue_words, rank) VALUES ('integrity-check', 1)")

    def _match(self, clauses: tuple[Clause, ...]) -> str:
        ways = ([" AND ".join(map(_quoted, way)) for way in clause] for clause in clauses)
        return " AND ".join(f"({' OR '.join(f'({way})' for way in clause)})" for clause in ways)


def _quoted(phrase: Phrase) -> str:
    """Write a phrase as FTS5's string, whose only special character is the quotation mark."""
    text = " ".join(phrase.words).replace('"', '""')
    return f'"{text}" *' if phrase.is_prefix else f'"{text}"'


class TextSearch:
    """PostgreSQL's text search: one generated tsvector a section, so that an index alone says what matches."""

    CONFIGURATION = "portal_words"
    ALL = ("title", "summary", "facts", "body")

    def ids(self, phrase: Phrase, section: Section, among: BitMap | None = None) -> BitMap:
        columns = self.ALL if section == Section.ANYWHERE else [section]
        matches = " OR ".join(f"{column}_words @@ to_tsquery('portal_words', %s)" for column in columns)
        statement = (
            f"SELECT entry_id FROM catalogue_searchtext WHERE ({matches})"  # noqa: S608  # nosec B608  # columns of ours
            + ("" if among is None else " AND entry_id = ANY(%s)")
        )
        values = [_lexemes(phrase)] * len(columns) + ([] if among is None else [list(among)])
        with transaction.atomic():
            # For a common word the planner would read all rows, since it doesn't count what unpacking their words
            # costs: ten times what the indexes do.
            _run("SET LOCAL enable_seqscan = off")
            rows = _rows(statement, values)
        return BitMap([row[0] for row in rows])

    def ranks(self, clauses: tuple[Clause, ...], ids: BitMap) -> dict[int, float]:
        weighed = (
            "setweight(title_words, 'A') || setweight(summary_words, 'B') || setweight(facts_words, 'C')"
            " || setweight(body_words, 'D')"
        )
        rows = _rows(
            f"SELECT entry_id, -ts_rank(%s::real[], {weighed}, to_tsquery('portal_words', %s), 1) "  # noqa: S608  # nosec B608  # columns of ours
            "FROM catalogue_searchtext WHERE entry_id = ANY(%s)",
            [[0.1, 0.2, 0.4, 1.0], self._match(clauses), list(ids)],
        )
        return dict(rows)

    def marked(self, clauses: tuple[Clause, ...], ids: Iterable[int]) -> dict[int, dict[str, str]]:
        options = f"HighlightAll=true, StartSel={START}, StopSel={END}"
        texts = ", ".join(f"ts_headline('portal_words', {column}, query, %s)" for column in COLUMNS)
        rows = _rows(
            f"SELECT entry_id, {texts} FROM catalogue_searchtext, to_tsquery('portal_words', %s) query "  # noqa: S608  # nosec B608  # columns of ours
            "WHERE entry_id = ANY(%s)",
            [*[options] * len(COLUMNS), self._match(clauses), list(ids)],
        )
        return {pk: dict(zip(COLUMNS, texts, strict=True)) for pk, *texts in rows}

    def rebuild(self) -> None:
        for section in self.ALL:
            _run(
                f"CREATE INDEX IF NOT EXISTS catalogue_searchtext_{section}_words ON catalogue_searchtext "
                f"USING gin ({section}_words) WITH (fastupdate = off)"
            )
        _run("REINDEX TABLE catalogue_searchtext")

    def check(self) -> None:
        """Nothing to do: generated columns and their indexes can't be out of step with their row."""

    def _match(self, clauses: tuple[Clause, ...]) -> str:
        ways = ([" & ".join(f"({_lexemes(phrase)})" for phrase in way) for way in clause] for clause in clauses)
        return " & ".join(f"({' | '.join(f'({way})' for way in clause)})" for clause in ways)


def _lexemes(phrase: Phrase) -> str:
    """Write a phrase for to_tsquery: quoted words that follow each other."""
    quoted = [f"'{word}'" for word in phrase.words]
    return " <-> ".join(quoted) + (":*" if phrase.is_prefix else "")


def _marks(values: list[int]) -> str:
    return ", ".join(["%s"] * len(values))


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """Ask the index. A lost or damaged one is away until it was made again, and no fault of who asks."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
    except DatabaseError as error:
        raise OperationalError(f"The index of words can't be asked; run manage.py search_texts: {error}") from error

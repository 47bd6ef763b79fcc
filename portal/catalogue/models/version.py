"""The mark that moves whenever something public may read differently."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F, Subquery
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone

from portal.catalogue.models.stored import Stored

Moves = list[set[int] | None]
_gathered: ContextVar[Moves | None] = ContextVar("gathered", default=None)

EntriesOf = Callable[[Any], Iterable[int] | None]


class CatalogueVersion(models.Model):
    """One row. It moves in the transaction of every write that may change a public answer.

    An answer kept under a version is therefore never older than what that version stands for. The
    mark is drawn anew at each move, so that a number reached again, after a backup was restored or
    a write was taken back, is not taken for the same version.
    """

    number = models.PositiveBigIntegerField(default=0)
    mark = models.CharField(max_length=16, default="")
    everything = models.CharField(
        max_length=16, default="", db_default="", help_text="The mark of the last move that may concern every entry."
    )
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="catalogue_version_one_row",
                condition=models.Q(pk=1),
                violation_error_message="There is one catalogue version.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}-{self.mark}"

    @classmethod
    def now(cls) -> str:
        """Return the current version; one query."""
        return str(cls.objects.filter(pk=1).first() or "0-")

    @classmethod
    def mark_now(cls) -> str:
        """Return the current version's mark; one query.

        In plain SQL: every answer asks this, and one that is kept already asks nothing else.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT mark FROM catalogue_catalogueversion WHERE id = 1")
            row = cursor.fetchone()
        return row[0] if row else ""

    @classmethod
    def move(cls, entries: Iterable[int] | None = None) -> None:
        """Say that something public may read differently; bulk writes, which send no signal, call this.

        `entries` are those that may; None is any of them, and what is said of all.
        """
        gathered = _gathered.get()
        if gathered is not None:
            gathered.append(None if entries is None else set(entries))
            return
        mark, entries = secrets.token_hex(8), None if entries is None else sorted(set(entries))
        moved = {"number": F("number") + 1, "mark": mark, "moved_at": timezone.now()}
        if entries is None:
            moved["everything"] = mark
        with transaction.atomic(savepoint=False):
            # The row is locked from here on, so that the moves below stand in the order of commits.
            if not cls.objects.filter(pk=1).update(**moved):
                cls.objects.get_or_create(pk=1, defaults=moved | {"number": 1})
            CatalogueMove.add(mark, entries)
            if entries:
                Stored.forget(entries)

    @classmethod
    def hold(cls) -> None:
        """Let nothing move until this transaction ends; on SQLite every transaction does so by itself."""
        cls.objects.select_for_update().filter(pk=1).first()

    @classmethod
    @contextmanager
    def moves_once(cls) -> Iterator[None]:
        """Make one move, at the end, of the many that a piece of work makes; it is one transaction.

        What is kept by version must not be asked for in between: it would pass for up to date.
        """
        if _gathered.get() is not None:
            yield
            return
        moves: Moves = []
        token = _gathered.set(moves)
        with transaction.atomic():
            try:
                yield
            finally:
                _gathered.reset(token)
            if moves:
                cls.move(None if None in moves else {pk for move in moves for pk in move or ()})

    @classmethod
    def moves_with(cls, *senders: type[models.Model], entries: EntriesOf | None = None) -> None:
        """Move whenever a row of these models, or of what joins them, is saved or deleted.

        `entries` tells which entries a row concerns; without it those that the row names itself.
        """
        entries_of = entries or _named_by

        def hear(instance: models.Model, **signal: Any) -> None:
            cls.move(entries_of(instance))

        for sender in senders:
            name = f"version-{sender.__name__}"
            for signal in (post_save, post_delete):
                signal.connect(hear, sender=sender, weak=False, dispatch_uid=f"{name}-{id(signal)}")
            m2m_changed.connect(hear, sender=sender, weak=False, dispatch_uid=f"{name}-m2m")


def _named_by(row: Any) -> list[int] | None:
    """Return the entry that a row is, or belongs to; None when it may concern any."""
    if hasattr(row, "kind_of_entry"):
        return [row.pk]
    for name in ("entry_id", "case_study_id"):
        if getattr(row, name, None):
            return [getattr(row, name)]
    return None


class CatalogueMove(models.Model):
    """One move of the version and which entries it concerned: so that what is kept in memory follows in small steps."""

    KEPT = 5000
    TIDIED_EVERY = 500

    mark = models.CharField(max_length=16, unique=True)
    entries = models.JSONField(null=True, help_text="Ids; null: any of them.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.mark

    @classmethod
    def add(cls, mark: str, entries: list[int] | None) -> None:
        move = cls.objects.create(mark=mark, entries=entries)
        if move.pk % cls.TIDIED_EVERY == 0:
            cls.objects.filter(pk__lt=move.pk - cls.KEPT).delete()

    @classmethod
    def entries_between(cls, before: str, now: str) -> set[int] | None:
        """Return the entries that changed between two marks; None when only a look at everything can tell."""
        first = cls.objects.filter(mark=before).values("pk")
        moves = list(cls.objects.filter(pk__gte=Subquery(first)).values_list("mark", "entries"))[1:]
        marks = [mark for mark, _ in moves]
        if now not in marks:
            return None
        changed: set[int] = set()
        for _, entries in moves[: marks.index(now) + 1]:
            if entries is None:
                return None
            changed.update(entries)
        return changed

"""The text in which an entry is looked for: only what readers see of it, kept in step as it is published.

Floors above add what only they know (`add_text`). The texts are written in the transaction that
publishes or withdraws; `manage.py search_texts` writes them anew, or says which are not as they should be.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_save

from portal.catalogue.finding.engines import COLUMNS
from portal.catalogue.finding.terms import words_of
from portal.catalogue.models import CatalogueVersion, Entry, SearchText, SearchWord
from portal.evidence.models import Evidence

PART = "\x1e"
"""Between the parts of a text, whose labels are kept beside it: they are not words to find an entry by."""

KEPT = (*COLUMNS, "labels")
AT_ONCE = 200
SHORTEST, LONGEST = 4, 60  # letters of a word worth offering for a misspelt one

TextsOf = Callable[[Any], Iterable[str]]


@dataclass(frozen=True)
class Part:
    """One part of an entry's text: the column it stands in, and what readers call it."""

    column: str
    label: str
    texts: TextsOf
    fetch: tuple[str, ...] = ()


_parts: list[Part] = []


def add_text(column: str, label: str, texts: TextsOf, *fetch: str) -> None:
    """Have entries found by these texts too. `fetch` names what to prefetch from an Entry for them."""
    _parts.append(Part(column, label, texts, fetch))


def add_field(label: str, field: str) -> None:
    """Have entries found by a text field of the entry, or of its innovation or case study."""
    add_text("body", label, lambda entry: [getattr(entry.specific, field, "")])


def add_texts_of_entry() -> None:
    """What every entry is found by."""
    add_text("names", "Other names", lambda entry: [row.name for row in entry.other_names.all()], "other_names")
    add_text(
        "facts",
        "Evidence",
        lambda entry: [link.evidence.title for link in entry.evidence_links.all()],
        "evidence_links__evidence",
    )
    add_text(
        "facts",
        "Organisations",
        lambda entry: _names_of([*entry.lead_organisations.all(), *entry.places.all()]),
        "lead_organisations",
        "places",
    )
    add_field("The challenge", "challenge")
    add_field("Policy it answers", "policy_answered")
    add_field("Where it may not work", "where_it_may_not_work")
    add_field("What it needs from you", "what_it_needs")
    add_field("Before you quote it", "caveats")
    add_text("body", "What evidence found", lambda entry: [link.finding for link in entry.evidence_links.all()])
    add_text("body", "Said without a source", lambda entry: [claim.statement for claim in entry.claims.all()], "claims")


def _names_of(organisations: Iterable[Any]) -> list[str]:
    return [name for one in organisations for name in (one.name, one.short_name, one.abbreviation) if name]


def entries_citing(evidence: Evidence) -> list[int]:
    """Return the entries of which anything cites a source, or one known through it: findings, figures, adoption."""
    cites = Q(evidence=evidence) | Q(evidence__known_through=evidence)
    pointing = (one.field for one in Evidence._meta.related_objects if one.field.name == "evidence")
    citing = (field.model._base_manager for field in pointing if hasattr(field.model, "entry"))
    return sorted({pk for rows in citing for pk in rows.filter(cites).values_list("entry_id", flat=True)})


def follow(model: type[models.Model], entries_of: Callable[[Any], Iterable[int]]) -> None:
    """Write the texts of the entries that a row concerns whenever the row is changed; not when it is new."""

    def hear(instance: Any, created: bool, **signal: Any) -> None:
        if not created:
            keep_texts(entries_of(instance))

    post_save.connect(hear, sender=model, weak=False, dispatch_uid=f"search-texts-{model.__name__}")


_put_off: ContextVar[set[int] | None] = ContextVar("put_off", default=None)


@contextmanager
def texts_kept_at_the_end() -> Iterator[None]:
    """Write texts once, when many publications are through; all in one transaction of the caller's."""
    ids: set[int] = set()
    token = _put_off.set(ids)
    try:
        yield
    finally:
        _put_off.reset(token)
    keep_texts(ids)


@transaction.atomic
def keep_texts(entries: Iterable[int]) -> None:
    """Make the search texts of these entries what readers see of them now; a constant number of queries each 200."""
    if (put_off := _put_off.get()) is not None:
        put_off.update(entries)
        return
    ids = sorted(set(entries))
    for start in range(0, len(ids), AT_ONCE):
        _keep(ids[start : start + AT_ONCE])


@transaction.atomic
def keep_all_texts() -> None:
    """Write every search text anew, and count the words again."""
    SearchText.objects.all().delete()
    SearchWord.objects.all().delete()
    keep_texts(Entry.objects.public().values_list("pk", flat=True))
    CatalogueVersion.move()


def keep_missing_texts() -> None:
    """Write the texts that are not there at all: of entries published before there were any. One query as a rule."""
    missing = Entry.objects.public().filter(search_text=None).values_list("pk", flat=True)
    if ids := list(missing):
        keep_texts(ids)
        CatalogueVersion.move(ids)


def stale_texts() -> list[int]:
    """Return the entries whose search text is not what readers see, in either direction. For the command."""
    kept = {text.pk: text for text in SearchText.objects.all()}
    wanted = {text.pk: text for text in _texts_of(Entry.objects.public())}
    return sorted(pk for pk in kept | wanted if _differ(kept.get(pk), wanted.get(pk)))


def _keep(ids: list[int]) -> None:
    before = SearchText.objects.in_bulk(ids)
    after = {text.pk: text for text in _texts_of(Entry.objects.public().filter(pk__in=ids))}
    SearchText.objects.filter(pk__in=before.keys() - after.keys()).delete()
    SearchText.objects.bulk_create(text for pk, text in after.items() if pk not in before)
    changed = [text for pk, text in after.items() if pk in before and _differ(before[pk], text)]
    SearchText.objects.bulk_update(changed, KEPT)
    _count_words(before.values(), after.values())


def _differ(one: SearchText | None, other: SearchText | None) -> bool:
    if one is None or other is None:
        return True
    return any(getattr(one, column) != getattr(other, column) for column in KEPT)


def _texts_of(entries: Any) -> Iterator[SearchText]:
    fetch = {name for part in _parts for name in part.fetch}
    for entry in entries.with_specific().prefetch_related(*sorted(fetch)):
        written = {column: list(_written(entry, column)) for column in ("names", "facts", "body")}
        yield SearchText(
            entry_id=entry.pk,
            title=_plain(entry.title),
            summary=_plain(entry.summary),
            labels={column: [label for label, _ in parts] for column, parts in written.items()},
            **{column: PART.join(text for _, text in parts) for column, parts in written.items()},
        )


def _written(entry: Entry, column: str) -> Iterator[tuple[str, str]]:
    for part in _parts:
        if part.column == column:
            texts = dict.fromkeys(_plain(text) for text in part.texts(entry))
            yield from ((part.label, text) for text in texts if text)


def _plain(text: str) -> str:
    """Leave out control characters: some of them are marks of ours."""
    return "".join(" " if one < " " or one == "\x7f" else one for one in text).strip()


def _count_words(before: Iterable[SearchText], after: Iterable[SearchText]) -> None:
    change = Counter(word for text in after for word in _words(text))
    change.subtract(word for text in before for word in _words(text))
    moved = {word: by for word, by in change.items() if by}
    known = SearchWord.objects.in_bulk(sorted(moved))
    for word, row in known.items():
        row.entries = max(0, row.entries + moved[word])
    new = [SearchWord(word=word, entries=by) for word, by in sorted(moved.items()) if word not in known and by > 0]
    SearchWord.objects.bulk_update([row for row in known.values() if row.entries], ["entries"], batch_size=AT_ONCE)
    SearchWord.objects.filter(pk__in=[word for word, row in known.items() if not row.entries]).delete()
    SearchWord.objects.bulk_create(new, ignore_conflicts=True)


def _words(text: SearchText) -> set[str]:
    found = {word for column in COLUMNS for word in words_of(getattr(text, column))}
    return {word for word in found if SHORTEST <= len(word) <= LONGEST and not word.isdigit()}

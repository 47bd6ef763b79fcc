"""Entries that may be the one an editor is writing: same name, same words, same sources."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from portal.accounts.permissions import within_reach
from portal.catalogue.models import Entry
from portal.catalogue.querysets import EntryQuerySet

MOST = 5
SHORTEST_WORD = 4


@dataclass(frozen=True)
class Lookalike:
    entry: Entry
    why: str


def lookalikes_of(draft: Entry, *, for_person: Any) -> list[Lookalike]:
    """Return the entries that may be the same as a draft, surest first; only what the person may see. Three queries."""
    seen: dict[int, Lookalike] = {}
    for lookalike in _found(draft, _others(draft, for_person)):
        seen.setdefault(lookalike.entry.pk, lookalike)
    return list(seen.values())[:MOST]


def _others(draft: Entry, person: Any) -> EntryQuerySet:
    reach = within_reach(Entry.objects.all(), person).values("pk")
    return Entry.objects.filter(Q(live=True) | Q(pk__in=reach)).exclude(pk=draft.pk).order_by("title")


def _found(draft: Entry, others: EntryQuerySet) -> Iterator[Lookalike]:
    names = [draft.title, *(row.name for row in draft.other_names.all())]
    same_name = Q()
    for name in filter(None, names):
        same_name |= Q(title__iexact=name) | Q(other_names__name__iexact=name)
    yield from (Lookalike(entry, "has the same name") for entry in others.filter(same_name).distinct()[:MOST])
    words = [word for word in draft.title.split() if len(word) >= SHORTEST_WORD]
    if words:
        yield from (Lookalike(entry, "has the title's words") for entry in others.with_words(words)[:MOST])
    sources = [link.evidence_id for link in draft.evidence_links.all()]
    sharing = others.filter(evidence_links__evidence__in=sources).distinct()
    yield from (Lookalike(entry, "cites the same source") for entry in sharing[:MOST])

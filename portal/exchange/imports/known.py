"""What cells may name: organisations, tags, measures, sources, innovations and figures."""

from collections.abc import Iterable, Iterator
from itertools import count, islice
from typing import Any
from uuid import UUID

from django.db.models import Q
from rapidfuzz import process

from innovations.models import Innovation
from portal.accounts.permissions import within_reach
from portal.benefits.models import BenefitFigure, Measure
from portal.catalogue.models import Entry, Theme
from portal.evidence.models import Evidence
from portal.exchange.loading.entries import figure_id
from portal.exchange.loading.reference import TAG_LISTS
from portal.organisations.models import Organisation

NEAR_ENOUGH = 75
MOST_NEAR = 3
AT_ONCE = 200


class Listed:
    """The rows of a list, found by the name that cells use or by another."""

    def __init__(self, rows: Iterable[tuple[Any, str, Iterable[str]]] = ()) -> None:
        self.names: list[str] = []
        self._rows: dict[str, Any] = {}
        self._name_of: dict[Any, str] = {}
        self._by_key: dict[Any, Any] = {}
        for row, name, others in rows:
            self.add(row, name, others)

    def add(self, row: Any, name: str, others: Iterable[str] = ()) -> None:
        self.names.append(name)
        self._name_of[_key(row)], self._by_key[_key(row)] = name, row
        for text in (name, *others):
            if text:
                self._rows.setdefault(text.casefold(), row)

    def find(self, text: str) -> Any:
        return self._rows.get(text.casefold())

    def get(self, key: Any) -> Any:
        """Return the row with a key."""
        return self._by_key.get(key)

    def name_of(self, row: Any) -> str:
        return self._name_of.get(_key(row), "")

    def nearest(self, text: str) -> list[str]:
        """Return the names most like a text, as they should be written."""
        found = process.extract(text.casefold(), list(self._rows), limit=MOST_NEAR, score_cutoff=NEAR_ENOUGH)
        return list(dict.fromkeys(self.name_of(self._rows[near]) for near, _, _ in found))


def _key(row: Any) -> Any:
    return getattr(row, "pk", row)


class Known:
    """All of them, as one person may name them; sources and figures are fetched for some rows at a time."""

    def __init__(self, person: Any) -> None:
        self.person = person
        organisations = list(Organisation.objects.all())
        self.lists: dict[str, Listed] = {
            "organisations": _organisations(organisations),
            "adopters": _organisations(row for row in organisations if row.can_adopt),
            "areas": _organisations(row for row in organisations if row.kind in Organisation.AREAS),
            "measures": Listed((row, row.name, [row.key]) for row in Measure.objects.all()),
            "case_study_themes": _tags(Theme.objects.filter(for_case_studies=True)),
            "innovations": Listed((row, row.slug, [row.title]) for row in self._innovations()),
            "sources": Listed(),
        }
        self.lists |= {name: _tags(model._default_manager.all()) for name, model in TAG_LISTS.items()}
        self.new_sources: dict[str, Evidence] = {}
        self.figures: dict[str, UUID] = {}
        self._provisional = count(1)
        self._other_figures: dict[Any, str | UUID | None] = {}

    def _innovations(self) -> Any:
        own = within_reach(Innovation.objects.all(), self.person).values("pk")
        return Innovation.objects.filter(Q(live=True) | Q(pk__in=own)).only("slug", "title")

    def fetch_sources(self, texts: Iterable[str], keys: Iterable[int]) -> None:
        """Keep the sources that these texts and keys name, and those that are new; the rest is let go."""
        self.lists["sources"] = Listed()
        for some in batched(set(texts), AT_ONCE):
            small = {text.casefold() for text in some}
            self._keep(Q(key__in=[*some, *small]) | Q(doi__in=some) | Q(url__in=some))
        for some in batched(set(keys), AT_ONCE):
            self._keep(Q(pk__in=some))
        for row in self.new_sources.values():
            self.lists["sources"].add(row, row.key, [row.doi, row.url])

    def _keep(self, wanted: Q) -> None:
        for row in Evidence.objects.filter(wanted):
            if self.lists["sources"].get(row.pk) is None:
                self.lists["sources"].add(row, row.key, [row.doi, row.url])

    def begin_source(self, key: str) -> Evidence:
        """Return a source that this file brings; until it is saved it has a key of its own below zero."""
        source = self.new_sources[key.casefold()] = Evidence(pk=-next(self._provisional), key=key)
        return source

    def figure_named(self, text: str) -> UUID | None:
        """Return the public id of a figure of this entry by its key, or of another by "address#key"."""
        if "#" not in text:
            return self.figures.get(text)
        if text not in self._other_figures:
            slug, _, key = text.partition("#")
            reach = Q(entry__live=True) | Q(entry__in=within_reach(Entry.objects.all(), self.person).values("pk"))
            row = BenefitFigure.objects.filter(reach, entry__slug=slug, key=key).first()
            self._other_figures[text] = row.public_id if row else None
        found = self._other_figures[text]
        return found if isinstance(found, UUID) else None

    def name_of_figure(self, public_id: UUID) -> str:
        for key, known in self.figures.items():
            if known == public_id:
                return key
        if public_id not in self._other_figures:
            row = BenefitFigure.objects.filter(public_id=public_id).select_related("entry").first()
            self._other_figures[public_id] = f"{row.entry.slug}#{row.key}" if row else str(public_id)
        return str(self._other_figures[public_id])

    def begin_figures(self, draft: Any, keys: Iterable[str]) -> None:
        """Say which figures the entry at hand has, and will have."""
        self.figures = {key: figure_id(draft.slug, key) for key in keys if key}
        self.figures |= {row.key: row.public_id for row in draft.figures.all()}


def _organisations(rows: Iterable[Organisation]) -> Listed:
    return Listed((row, row.code, [row.name, row.short_name, row.abbreviation]) for row in rows)


def _tags(rows: Iterable[Any]) -> Listed:
    return Listed((row, row.slug if ";" in row.name else row.name, [row.slug, row.name]) for row in rows)


def batched(things: Iterable[Any], most: int) -> Iterator[list[Any]]:
    """Yield the things in lists of at most so many."""
    left = iter(things)
    while some := list(islice(left, most)):
        yield some

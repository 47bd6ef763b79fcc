"""The filters that lists of both kinds share; page and API use the same."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from portal.catalogue.models import Entry, PlanStrand, Theme
from portal.organisations.models import Organisation

MAX_CHARACTERS = 200
MAX_WORDS = 20


class ChoicesFilter(django_filters.ModelMultipleChoiceFilter):
    """Any of several tags, named by slug: ?theme=a&theme=b is a or b."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("to_field_name", "slug")
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(*args, **kwargs)


class EntryFilterSet(django_filters.FilterSet):
    """Words, theme, plan strand and region: any of the values of one, all of the filters."""

    q = django_filters.CharFilter(label="Words", method="with_words")
    theme = ChoicesFilter(label="Theme", field_name="themes__slug", queryset=Theme.objects.all())
    strand = ChoicesFilter(label="Plan strand", field_name="plan_strands__slug", queryset=PlanStrand.objects.all())
    region = ChoicesFilter(
        label="NHS region", to_field_name="code", queryset=Organisation.objects.regions(), method="in_regions"
    )

    class Meta:
        model = Entry
        fields: list[str] = []

    FACETS: tuple[str, ...] = ("theme", "strand", "region")

    def with_words(self, entries: Any, name: str, value: str) -> QuerySet[Entry]:
        return entries.with_words(value.split())

    def in_regions(self, entries: Any, name: str, value: Any) -> QuerySet[Entry]:
        return entries.in_regions(value) if value else entries


def clean_query(query: QueryDict, filterset: type[EntryFilterSet]) -> tuple[QueryDict, list[str]]:
    """Return the query with only what can be answered, and a sentence for each thing left out."""
    cleaned, ignored = query.copy(), []
    words = query.get("q", "").replace("\x00", "")
    kept = " ".join(words[:MAX_CHARACTERS].split()[:MAX_WORDS])
    if kept != " ".join(words.split()):
        ignored.append(f"only the first {MAX_WORDS} words and {MAX_CHARACTERS} characters were searched for")
    cleaned["q"] = kept
    for name in filterset.FACETS:
        values = list(dict.fromkeys(query.getlist(name)))
        known = _known_values(filterset, name)
        cleaned.setlist(name, [value for value in values if value in known])
        ignored += [f"there is no {name} “{value[:40]}”" for value in values if value not in known and value][:3]
    return cleaned, ignored


def _known_values(filterset: type[EntryFilterSet], name: str) -> set[str]:
    choices = filterset.base_filters[name]
    field = choices.extra["to_field_name"]
    return set(choices.extra["queryset"].all().values_list(field, flat=True))

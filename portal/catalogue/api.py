"""Entries in the API, in what innovations and case studies have in common."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from rest_framework import serializers

from portal.catalogue.cards import headline_figure
from portal.catalogue.filters import EntryFilters
from portal.catalogue.finding.facets import orders
from portal.catalogue.finding.fields import RELEVANCE, FacetFilter
from portal.catalogue.finding.found import Found
from portal.catalogue.finding.terms import MAX_CHARACTERS, MAX_WORDS
from portal.catalogue.models import Entry
from portal.catalogue.strength import strength_of
from portal.catalogue.uptake import NOTHING_REPORTED, uptake_of
from portal.core.api import (
    CursorPages,
    NotStated,
    OneOf,
    OneOfOrNot,
    Problem,
    ReadList,
    ReadOne,
    StrictFilters,
    Told,
    Where,
)
from portal.core.formatting import capitalised
from portal.evidence.api import NamedEvidence
from portal.evidence.models import RuleInForce
from portal.organisations.api import NamedOrganisation

NAMED = 12


class TagSerializer(Told):
    """One value of a fixed list; its slug is what filters take."""

    never_without = ("slug", "name")

    slug = serializers.CharField()
    name = serializers.CharField()


class NamedEntry(Told):
    """An entry where something else is told."""

    never_without = ("slug", "kind", "title")

    slug = serializers.CharField()
    kind = OneOf(Entry.Kind)
    title = serializers.CharField()
    url = Where()


class StrengthSerializer(Told):
    """How sure the findings are, from 0 to 5 by the published rule; not how large."""

    never_without = ("level", "text", "rule_version")

    level = serializers.IntegerField(min_value=0, max_value=5)
    text = serializers.CharField()
    rule_version = serializers.IntegerField(source="rule.version")


class UptakeSerializer(Told):
    """The furthest stage that is known; coverage is an interval, because silence is not a no."""

    never_without = ("stage", "coverage", "about")

    stage = NotStated()
    who = NotStated(help_text="Who reached the stage.")
    coverage = NotStated(help_text="As in “31% to 58%, 73% replied”.")
    about = NotStated(help_text="What the coverage is of.")


class EntrySerializer(NamedEntry):
    """An entry as lists tell it."""

    summary = serializers.CharField()
    themes = TagSerializer(many=True)
    places = NamedOrganisation(many=True)
    strength = StrengthSerializer()
    adoption = UptakeSerializer()
    sources = serializers.IntegerField(help_text="How many sources it cites.")
    version = serializers.IntegerField(help_text="Counts publications.")
    first_published_at = serializers.DateTimeField()
    last_published_at = serializers.DateTimeField()
    next_review_on = serializers.DateField(allow_null=True)


class ClaimSerializer(Told):
    """A statement without a source; it never becomes a figure."""

    never_without = ("statement", "said_by")

    statement = serializers.CharField()
    said_by = NotStated()


class CitationSerializer(Told):
    """A source that the entry cites, and what it found, in our words."""

    never_without = ("source", "finding")

    source = NamedEvidence(source="evidence")
    finding = NotStated(help_text="Null: cited for facts alone.")
    locator = NotStated()


class WholeEntry(Told):
    """What an entry's own address tells beyond lists."""

    other_names = serializers.ListField(child=serializers.CharField(), source="other_names.all")
    challenge = NotStated()
    plan_strands = TagSerializer(many=True)
    care_settings = TagSerializer(many=True)
    staff_groups = TagSerializer(many=True)
    workforce_challenges = TagSerializer(many=True)
    lead_organisations = NamedOrganisation(many=True)
    owner_network = NamedOrganisation(allow_null=True)
    scope = OneOfOrNot(Entry.Scope)
    policy_answered = NotStated()
    where_it_may_not_work = NotStated()
    what_it_needs = NotStated()
    contact_role = NotStated(help_text="A role, not a person.")
    caveats = NotStated(help_text="What a reader must know before quoting this entry.")
    last_reviewed_on = serializers.DateField(allow_null=True)
    evidence = CitationSerializer(many=True, source="evidence_links")
    claims_without_source = ClaimSerializer(many=True, source="claims")


def with_what_is_told(entries: Sequence[Any]) -> list[Any]:
    """Give entries fetched with `.for_cards()` or `.for_page()` what is worked out of them: a few queries for all."""
    rule, uptake = RuleInForce.objects.rule(), uptake_of(entries)
    for entry in entries:
        entry.strength = strength_of(entry, rule)
        entry.adoption = uptake.get(entry.pk, NOTHING_REPORTED)
        entry.sources = len(entry.evidence_links.all())
        entry.headline = headline_figure(entry.figures.all())
    return list(entries)


class FoundPages(CursorPages):
    """Pages of what a list's question finds, in its order; a cursor holds an entry and its place."""

    def count(self, rows: Any) -> int:
        return len(rows)

    def page(self, rows: Found, behind: Any, view: Any) -> tuple[list[Any], Any]:
        first = rows.place_behind(*behind) if behind else 0
        ids = rows.answer[first : first + self.limit]
        further = first + len(ids) < len(rows)
        return rows.rows_of(ids), [ids[-1], first + len(ids) - 1] if further else None


class EntryFiltersBackend(StrictFilters):
    """Reads the filters of the lists' pages. There, what can't be answered is left out and said; here it is refused."""

    def takes_many(self, one: Any) -> bool:
        return isinstance(one, FacetFilter)

    def problems(self, filters: Any) -> Iterator[Problem]:
        for name, told in cast(EntryFilters, filters).question.left_out.items():
            fix = self._fix(name, filters)
            yield from (Problem(name, f"{capitalised(said)}.", fix) for said in told)

    def _fix(self, name: str, filters: EntryFilters) -> str:
        one = filters.base_filters[name]
        if isinstance(one, FacetFilter):
            values = sorted(filters.index.known_values(one.facet))
            more = f" and {len(values) - NAMED} more" if len(values) > NAMED else ""
            return (
                f"Give any of {', '.join(values[:NAMED])}{more}." if values else "Leave it away: nothing can be chosen."
            )
        return {
            "q": f"Write words with letters or digits: at most {MAX_WORDS}, and {MAX_CHARACTERS} characters.",
            "sort": f"Give one of {', '.join([RELEVANCE, *orders()])}.",
            "measure": "Give the key of a measure from /api/v1/measures/ that adds up.",
        }[name]


class EntryList(ReadList):
    """The shared list: filters and order of the page, rows by cursor."""

    pagination_class = FoundPages
    filter_backends = (EntryFiltersBackend,)

    def get_queryset(self) -> Any:
        return self.filterset_class._meta.model.objects.public().for_cards().prefetch_related("figures__evidence")

    def paginate_queryset(self, queryset: Any) -> Any:
        return with_what_is_told(super().paginate_queryset(queryset))


class EntryOne(ReadOne):
    """One entry by its slug, with its figures and sources."""

    lookup_field = "slug"
    model: Any

    def get_queryset(self) -> Any:
        return self.model.objects.public().for_page().prefetch_related("figures__evidence")

    def get_object(self) -> Any:
        return with_what_is_told([super().get_object()])[0]

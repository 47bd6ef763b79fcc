"""What the API says of entries, in what innovations and case studies have in common."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from portal.catalogue.cards import headline_figure
from portal.catalogue.models import Entry
from portal.catalogue.strength import strength_of
from portal.catalogue.uptake import NOTHING_REPORTED, uptake_of
from portal.core.api import NotStated, OneOf, OneOfOrNot, Told, Where
from portal.evidence.api import NamedEvidence
from portal.evidence.models import RuleInForce
from portal.organisations.api import NamedOrganisation


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

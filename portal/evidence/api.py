"""Evidence in the API: what published entries cite, and nothing else."""

from typing import Any

from rest_framework import serializers

from portal.core.api import NotStated, OneOfOrNot, ReadList, ReadOne, StrictFilters, Told, Where
from portal.evidence.filters import EvidenceFilters
from portal.evidence.models import Evidence


class NamedEvidence(Told):
    """A source where something else is told."""

    never_without = ("key", "title")

    key = serializers.CharField()
    title = serializers.CharField()
    url = NotStated()


class CitedBySerializer(Told):
    """An entry that cites the source, and what the source found of it."""

    never_without = ("entry", "title")

    entry = serializers.CharField(source="entry.slug")
    title = serializers.CharField(source="entry.title")
    kind = serializers.CharField(source="entry.kind")
    url = Where(source="entry.get_absolute_url")
    finding = NotStated(help_text="In our words; null: cited for facts alone.")
    locator = NotStated()


class EvidenceSerializer(Told):
    """One citable source."""

    never_without = ("key",)

    key = serializers.CharField()
    title = serializers.CharField()
    publisher = NotStated()
    published = NotStated(help_text="A year, a month or a day; null: undated.")
    date_inferred = serializers.BooleanField(help_text="The date was worked out, not printed.")
    url = NotStated()
    doi = NotStated()
    type = OneOfOrNot(Evidence.Type, help_text="Null: not assessed.")
    design_level = serializers.IntegerField(allow_null=True, help_text="Maryland scale, 1 to 5.")
    independence = OneOfOrNot(Evidence.Independence)
    setting = OneOfOrNot(Evidence.Setting)
    sample = NotStated()
    read_extent = OneOfOrNot(Evidence.ReadExtent, help_text="How much of it was read.")
    url_unanswered_on = serializers.DateField(
        source="unanswered_on", allow_null=True, help_text="The day it was found that its address no longer answers."
    )
    doi_unanswered_on = serializers.DateField(
        allow_null=True, help_text="The day it was found that its DOI leads nowhere."
    )
    known_through = NamedEvidence(allow_null=True, help_text="Where we read of it, if we have not read it itself.")
    cited_by = CitedBySerializer(many=True, source="public_links")


class EvidenceList(ReadList):
    """The evidence that published entries cite, by key."""

    serializer_class = EvidenceSerializer
    filter_backends = (StrictFilters,)
    filterset_class: Any = EvidenceFilters
    ordered_by = ("key",)

    def get_queryset(self) -> Any:
        return Evidence.objects.public().for_list()


class EvidenceOne(ReadOne):
    """One source by its key."""

    serializer_class = EvidenceSerializer
    lookup_field = "key"
    noun, found_at = "evidence", "/api/v1/evidence/"

    def get_queryset(self) -> Any:
        return Evidence.objects.public().for_list()

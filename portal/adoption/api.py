"""Adoption and coverage in the API."""

from datetime import date
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from portal.adoption.documents import adoption_facts
from portal.adoption.files import as_json
from portal.adoption.filters import AdoptionFilters
from portal.adoption.kept import kept_organisations
from portal.adoption.models import AdoptionRecord, Stage, StopReason
from portal.adoption.pages import entry_adoption
from portal.adoption.questions import Asked, read_question
from portal.adoption.reading import GROUPS
from portal.catalogue.models import Entry
from portal.catalogue.serializers import NamedEntry
from portal.core.api import (
    ExactNumber,
    NotAnswered,
    NotStated,
    OneOf,
    OneOfOrNot,
    Problem,
    ReadList,
    ReadOne,
    StrictFilters,
    Told,
    described,
)
from portal.core.formatting import capitalised
from portal.evidence.api import NamedEvidence
from portal.organisations.api import NamedOrganisation

ROWS = 1000
"""So many organisations to a page of one entry's coverage."""


class AdoptionRecordSerializer(Told):
    """One organisation reached one stage of taking up one entry, on a date somebody stated."""

    never_without = ("id", "entry", "organisation", "stage", "on")

    id = serializers.UUIDField(source="public_id")
    entry = NamedEntry()
    organisation = NamedOrganisation()
    stage = OneOf(Stage)
    on = NotStated(help_text="A year, a month or a day; null: not stated.")
    stop_reason = OneOfOrNot(StopReason)
    extent = NotStated(help_text="How far: wards, teams, patients.")
    note = NotStated()
    said_by = NotStated()
    source = NamedEvidence(source="evidence", allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True, help_text="Null: not verified.")


class AdoptionList(ReadList):
    """What was reported of published entries, in the order in which it was entered. Silence is not a no."""

    serializer_class = AdoptionRecordSerializer
    filter_backends = (StrictFilters,)
    filterset_class: Any = AdoptionFilters

    def get_queryset(self) -> Any:
        return AdoptionRecord.objects.public().for_rows()


# Coverage


class CoverageSerializer(Told):
    """How many of a group are live, as an interval: all who said nothing may be as well."""

    never_without: ClassVar[tuple[str, ...]] = ("text", "all", "live", "silent")

    text = serializers.CharField(help_text="As in “31% to 58%, 73% replied”.")
    all = serializers.IntegerField(help_text="How many the group has.")
    live = serializers.IntegerField(help_text="Known to be live; of those that were split, the fewest.")
    perhaps = serializers.IntegerField(help_text="Parts of an adopter that was split: which uses it nobody said.")
    silent = serializers.IntegerField(help_text="Said nothing, or nothing within the period of confirmation.")
    unconfirmed = serializers.IntegerField(help_text="Of the silent: heard of, but not within the period.")
    stopped = serializers.IntegerField()


class MainCoverageSerializer(CoverageSerializer):
    never_without = ("kind", "place", "about", *CoverageSerializer.never_without)

    kind = serializers.ChoiceField(list(GROUPS), help_text="The kind of organisation that is counted.")
    place = serializers.CharField()
    about = serializers.CharField(help_text="As in “of 199 NHS trusts in England”.")


class EntryCoverageSerializer(Told):
    """How far one entry has been taken up in England, by the kind of organisation spoken of most."""

    never_without = ("entry", "as_at")

    entry = NamedEntry()
    as_at = serializers.DateField()
    coverage = MainCoverageSerializer(allow_null=True, help_text="Null: no organisation was reported.")
    reported = serializers.IntegerField(help_text="How many organisations were reported.")
    stops = serializers.CharField(allow_blank=True, help_text="As in “4 of 22 stopped: 3 licence cost, 1 other cost”.")


class CoverageByKindSerializer(CoverageSerializer):
    never_without = ("kind", *CoverageSerializer.never_without)

    kind = serializers.ChoiceField(list(GROUPS))


class CoverageByPlaceSerializer(CoverageSerializer):
    never_without = ("place", "name", "kind", *CoverageSerializer.never_without)

    place = serializers.CharField(help_text="The code.")
    name = serializers.CharField()
    kind = serializers.CharField()


class StandingSerializer(Told):
    """One organisation's last word."""

    never_without = ("organisation", "stage", "status")

    organisation = serializers.CharField(help_text="The code.")
    name = serializers.CharField()
    stage = OneOf(Stage)
    on = serializers.CharField(allow_null=True)
    stop_reason = OneOfOrNot(StopReason)
    status = serializers.CharField(allow_blank=True, help_text="What the stage alone would not say.")
    verified = serializers.BooleanField()


class CoverageClaimSerializer(Told):
    """An aggregate claim of a source, never mixed with records of organisations."""

    never_without = ("group", "unit", "count", "denominator", "share_percent", "stage", "as_at")

    group = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    share_percent = ExactNumber(allow_null=True)
    stage = OneOf(Stage)
    as_at = serializers.CharField(allow_null=True)


class WholeCoverageSerializer(Told):
    """Who uses one entry, as at a day."""

    never_without = ("entry", "as_at")

    entry = serializers.CharField()
    title = serializers.CharField()
    as_at = serializers.DateField()
    period_of_confirmation_months = serializers.IntegerField()
    coverage = MainCoverageSerializer()
    stops = serializers.CharField(allow_blank=True)
    by_kind = CoverageByKindSerializer(many=True)
    by_place = CoverageByPlaceSerializer(many=True)
    organisations = StandingSerializer(many=True)
    pages = serializers.IntegerField(help_text=f"The organisations come {ROWS} to a page.")
    closed_without_known_successor = serializers.ListField(child=serializers.CharField())
    claims = CoverageClaimSerializer(many=True)


AS_AT = OpenApiParameter("as_at", str, description="A day, as in 2026-03-31. Usually today.")
ASKED = [
    AS_AT,
    OpenApiParameter("kind", str, description="The kind of organisation that is counted.", enum=list(GROUPS)),
    OpenApiParameter("place", str, description="The code of an NHS region, a board or a network."),
    OpenApiParameter("stage", str, description="Which organisations are listed: those at this stage."),
    OpenApiParameter("page", str, description="The page of organisations: 1, 2, 3."),
]


def read_strictly(request: Request) -> Asked:
    asked = read_question(request.query_params.dict(), kept_organisations().organisations)
    if asked.problems:
        raise NotAnswered([Problem(one.field, f"{capitalised(one.problem)}.", one.fix) for one in asked.problems])
    return asked


class AsAtDay(BaseFilterBackend):
    """Reads as at which day coverage is asked."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        view.day = read_strictly(request).day
        return queryset

    def names(self, view: Any) -> list[str]:
        return [AS_AT.name]

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [described(AS_AT.name, AS_AT.description)]


class CoverageList(ReadList):
    """How far each published entry has been taken up, by slug."""

    serializer_class = EntryCoverageSerializer
    filter_backends = (AsAtDay,)
    ordered_by = ("slug",)
    day: date

    def get_queryset(self) -> Any:
        return Entry.objects.public()

    def paginate_queryset(self, queryset: Any) -> Any:
        entries = super().paginate_queryset(queryset)
        facts = adoption_facts([entry.pk for entry in entries], day=self.day, rows=0)
        return [
            {
                "entry": entry,
                "as_at": self.day,
                "coverage": _main(told.adoption) if told.adoption.has_events else None,
                "reported": told.reported,
                "stops": told.stops,
            }
            for entry in entries
            for told in [facts[entry.pk]]
        ]


def _main(adoption: Any) -> dict[str, Any]:
    group = adoption.main_group.key
    return {"kind": group, "place": "England", "about": adoption.about, **adoption.main_coverage.as_json()}


class CoverageOne(ReadOne):
    """Who uses one entry: coverage by kind and place, and each organisation's last word."""

    serializer_class = WholeCoverageSerializer
    lookup_field = "slug"
    noun, found_at = "published entry", "/api/v1/entries/"

    def get_queryset(self) -> Any:
        return Entry.objects.public().with_specific()

    def more_parameters(self) -> list[OpenApiParameter]:
        return ASKED

    def get_object(self) -> Any:
        entry, query = super().get_object(), self.request.query_params
        read_strictly(self.request)
        shown = entry_adoption(entry, query, per_page=ROWS)
        if shown.list.ignored:
            fix = f"Give a number from 1 to {shown.list.pages}."
            raise NotAnswered([Problem("page", f"{capitalised(shown.list.ignored)}.", fix)])
        return {**as_json(shown), "pages": shown.list.pages}

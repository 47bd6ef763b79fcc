"""Measures, figures and totals in the API. A number never comes without what it must not travel without."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from portal.benefits.calculations import Reason
from portal.benefits.files import ledger_as_dict, total_as_dict
from portal.benefits.filters import FigureFilters, MeasureFilters
from portal.benefits.ledgers import read_figures, total_of
from portal.benefits.models import Basis, BenefitFigure, Measure, PeriodKind
from portal.benefits.questions import FIXES, Asked, BadQuestion, find_additive_measure, read_page, read_question
from portal.catalogue.models import Entry
from portal.catalogue.serializers import EntrySerializer, NamedEntry, WholeEntry
from portal.core.api import (
    ExactNumber,
    NotAnswered,
    NotStated,
    NotThere,
    OneOf,
    OneOfOrNot,
    Problem,
    ReadList,
    ReadOne,
    StrictFilters,
    Told,
    Where,
    described,
)
from portal.core.quantities import Qualifier
from portal.core.templatetags.components import figure_text, period_text, place_text
from portal.evidence.api import NamedEvidence

# Figures


class PeriodSerializer(Told):
    """When it happened: in dates where the source gives them, and in words always."""

    never_without = ("kind", "start", "end", "text")

    kind = OneOf(PeriodKind, source="period_kind")
    start = serializers.DateField(source="period_start", allow_null=True)
    end = serializers.DateField(source="period_end", allow_null=True)
    text = serializers.SerializerMethodField()

    def get_text(self, figure: Any) -> str:
        return period_text(figure)


class PlaceSerializer(Told):
    """Where: the smallest organisation or area known to hold it, and the part that the source names."""

    never_without = ("code", "text")

    code = serializers.CharField(source="place.code", default=None, allow_null=True)
    text = serializers.SerializerMethodField()

    def get_text(self, figure: Any) -> str:
        return place_text(figure)


class FigureMeasureSerializer(Told):
    never_without = ("key", "name", "additive")

    key = serializers.CharField()
    name = serializers.CharField()
    additive = serializers.BooleanField(help_text="May its values be added up? Totals do it without counting twice.")


class FigureSerializer(Told):
    """One value of one measure, for one entry, place and period, with its source."""

    never_without: ClassVar[tuple[str, ...]] = (
        *("id", "value", "low", "high", "unit", "per", "qualifier", "change"),
        *("role", "basis", "achievement", "period", "place", "text"),
    )

    id = serializers.UUIDField(source="public_id", help_text="Stays the same when the entry is published again.")
    label = serializers.CharField(help_text="What this figure counts.")
    text = serializers.SerializerMethodField(help_text="The value as the site writes it.")
    value = ExactNumber()
    low = ExactNumber(allow_null=True)
    high = ExactNumber(allow_null=True)
    unit = serializers.CharField(help_text="The measure's unit, or a narrower word for it: nurses, practices.")
    per = NotStated(help_text="A rate: year, month, trust, referral.")
    qualifier = OneOf(Qualifier)
    change = OneOfOrNot(BenefitFigure.Change, help_text="Up or down; null: an amount or a level.")
    measure = FigureMeasureSerializer()
    role = OneOf(BenefitFigure.Role)
    basis = OneOf(Basis)
    achievement = OneOf(BenefitFigure.Achievement)
    period = PeriodSerializer(source="*")
    place = PlaceSerializer(source="*")
    gross_or_net = OneOfOrNot(BenefitFigure.GrossOrNet)
    monetised = OneOfOrNot(BenefitFigure.YesNo, help_text="Was time or care turned into money?")
    horizon = OneOfOrNot(BenefitFigure.Horizon)
    cash_releasing = OneOfOrNot(BenefitFigure.YesNo)
    price_year = serializers.IntegerField(allow_null=True)
    population = NotStated()
    population_size = serializers.IntegerField(allow_null=True)
    staff_group = NotStated()
    method = NotStated()
    attribution_share = ExactNumber(allow_null=True)
    source = NamedEvidence(source="evidence")
    locator = NotStated(help_text="Words or page to find the place in the source.")
    note = NotStated()
    restates = serializers.UUIDField(allow_null=True, help_text="The figure that this says in another unit.")
    supersedes = serializers.UUIDField(allow_null=True, help_text="The earlier figure that this replaces.")
    contradicts = serializers.UUIDField(allow_null=True, help_text="A figure that can't be right if this one is.")

    def get_text(self, figure: Any) -> str:
        return figure_text(figure)


class FigureOfEntrySerializer(FigureSerializer):
    """A figure with the entry it is of."""

    never_without = ("entry", *FigureSerializer.never_without)

    entry = NamedEntry()


class EntryWithFigureSerializer(EntrySerializer):
    """An entry as lists tell it, with the benefit that leads it."""

    headline = FigureSerializer(allow_null=True, help_text="Null: no figure of it is a benefit.")


class WholeEntrySerializer(EntryWithFigureSerializer, WholeEntry):
    """An entry with its figures and sources."""

    figures = FigureSerializer(many=True)


class FigureList(ReadList):
    """The figures of published entries, entry by entry."""

    serializer_class = FigureOfEntrySerializer
    filter_backends = (StrictFilters,)
    filterset_class: Any = FigureFilters
    ordered_by = ("entry_id", "public_id")

    def get_queryset(self) -> Any:
        return BenefitFigure.objects.public().for_rows()


# Measures


class MeasureSerializer(Told):
    """One thing that is counted, its unit, and whether it may be added up."""

    never_without = ("key", "unit")

    key = serializers.CharField()
    name = serializers.CharField()
    topic = OneOf(Measure.Topic)
    unit = serializers.CharField()
    direction = OneOf(Measure.Direction)
    additive = serializers.BooleanField(help_text="May its values be added up?")
    counts_people = serializers.BooleanField(help_text="A total may count a person twice across programmes.")
    price_year = serializers.IntegerField(allow_null=True, help_text="2024 is 2024/25: the prices of its totals.")
    definition = serializers.CharField()
    why_it_matters = NotStated()
    how_worked_out = NotStated()
    caveats = NotStated()
    author = serializers.CharField()
    checker = NotStated()
    status = OneOf(Measure.Status)
    reviewed_on = serializers.DateField(allow_null=True)
    next_review_on = serializers.DateField(allow_null=True)
    public_figures = serializers.IntegerField(help_text="How many figures of published entries use it.")
    url = Where()


class MeasureList(ReadList):
    """The dictionary of measures, by key."""

    serializer_class = MeasureSerializer
    filter_backends = (StrictFilters,)
    filterset_class: Any = MeasureFilters
    ordered_by = ("key",)

    def get_queryset(self) -> Any:
        return Measure.objects.public().with_public_counts()


class MeasureOne(ReadOne):
    """One measure by its key."""

    serializer_class = MeasureSerializer
    lookup_field = "key"
    noun, found_at = "measure", "/api/v1/measures/"

    def get_queryset(self) -> Any:
        return Measure.objects.public().with_public_counts()


# Totals


class TotalSerializer(Told):
    """A question with its total. What was added is of one basis, and of achieved or of potential benefit."""

    never_without = (
        *("measure", "unit", "period", "period_start", "period_end", "place", "place_code"),
        *("basis", "achievement", "as_at", "total", "low", "high", "qualifier", "text", "caveats"),
    )

    measure = serializers.CharField()
    measure_name = serializers.CharField()
    unit = serializers.CharField()
    period = serializers.CharField(help_text="In words: 2022/23, All dates.")
    period_start = serializers.DateField(allow_null=True)
    period_end = serializers.DateField(allow_null=True)
    place = serializers.CharField()
    place_code = serializers.CharField()
    theme = serializers.CharField(allow_null=True)
    strand = serializers.CharField(allow_null=True)
    kind = OneOfOrNot(Entry.Kind)
    basis = OneOf(Basis)
    achievement = OneOf(BenefitFigure.Achievement)
    price_year = serializers.IntegerField(allow_null=True)
    as_at = serializers.DateField()
    as_at_text = serializers.CharField()
    total = ExactNumber()
    low = ExactNumber(allow_null=True)
    high = ExactNumber(allow_null=True)
    qualifier = serializers.CharField(help_text="“exact”, “at least”, “up to” and the like: part of the number.")
    text = serializers.CharField(help_text="The total as the site writes it.")
    caveats = serializers.ListField(child=serializers.CharField())
    page_url = serializers.CharField()


class LedgerRowSerializer(Told):
    """One figure of a ledger: the value that went into the sum, or would have."""

    never_without: ClassVar[tuple[str, ...]] = ("figure", "value", "unit", "text", "basis", "period", "place")

    figure = serializers.UUIDField()
    entry = serializers.CharField()
    entry_url = serializers.CharField()
    label = serializers.CharField()
    value = ExactNumber()
    unit = serializers.CharField()
    text = serializers.CharField(help_text="With its qualifier.")
    basis = OneOf(Basis)
    period = serializers.CharField()
    period_start = serializers.DateField(allow_null=True)
    period_end = serializers.DateField(allow_null=True)
    place = serializers.CharField()
    place_code = serializers.CharField(allow_null=True)
    source = serializers.CharField()
    source_url = serializers.CharField(allow_blank=True)
    locator = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


class LeftOutRowSerializer(LedgerRowSerializer):
    """A figure that was left out, why, and the counted one that took its place."""

    never_without = (*LedgerRowSerializer.never_without, "reason", "why")

    reason = serializers.ChoiceField([reason.value for reason in Reason])
    reason_title = serializers.CharField()
    why = serializers.CharField()
    displaced_by = serializers.UUIDField(allow_null=True)


class DisagreementSerializer(Told):
    """Figures that can't all be right."""

    never_without = ("kind", "figures")

    kind = serializers.ChoiceField(["parts_exceed_whole", "different_values"])
    figures = serializers.ListField(child=serializers.UUIDField())
    whole = ExactNumber(required=False)
    parts = ExactNumber(required=False)


class LedgerSerializer(TotalSerializer):
    """A total with its working: every figure counted or left out, a thousand to a page, counted ones first."""

    counted = LedgerRowSerializer(many=True)
    left_out = LeftOutRowSerializer(many=True)
    contradictions = DisagreementSerializer(many=True)
    page = serializers.IntegerField()
    pages = serializers.IntegerField()


QUESTION = {
    "period": "A financial year (2022/23), a calendar year (2022) or all.",
    "from": "The first day, instead of a period.",
    "to": "The last day, instead of a period.",
    "place": "An organisation's code: ENG, a region, a board, a trust or a network.",
    "theme": "A theme's slug.",
    "strand": "A plan strand's slug: train, retain or reform.",
    "kind": "Entries of one kind only.",
    "basis": "Which basis is asked for; bases are never added. Usually observed.",
    "achievement": "Achieved or potential benefit. Usually achieved.",
    "price_year": "In whose prices money is told; 2024 is 2024/25.",
    "as_at": "By which day's organisations. Usually today.",
}
CHOICES = {"kind": Entry.Kind, "basis": Basis, "achievement": BenefitFigure.Achievement}


def question_parameters() -> list[OpenApiParameter]:
    return [
        OpenApiParameter(name, str, description=text, enum=CHOICES[name].values if name in CHOICES else None)
        for name, text in QUESTION.items()
    ]


def read_strictly(request: Request, *own: str) -> Asked:
    """Return the question that an address asks beside the parameters that are the API's own."""
    query: QueryDict = request.query_params.copy()
    for name in own:
        query.pop(name, None)
    try:
        return read_question(query)
    except BadQuestion as bad:
        raise as_not_answered(bad) from bad


def as_not_answered(bad: BadQuestion) -> NotAnswered:
    problems = [Problem(item.field, item.problem, item.fix) for item in bad.problems]
    return NotThere(problems) if bad.status == 404 else NotAnswered(problems)


class LedgerQuestion(BaseFilterBackend):
    """Reads the question that totals answer; the measures are asked all alike."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        view.asked = read_strictly(request, "fields", "limit", "cursor")
        return queryset

    def names(self, view: Any) -> Iterator[str]:
        return iter(QUESTION)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            described(one.name, one.description, {"type": "string"} | ({"enum": list(one.enum)} if one.enum else {}))
            for one in question_parameters()
        ]


class TotalList(ReadList):
    """The totals of all measures that add up, for one question: period, place, basis and the rest."""

    serializer_class = TotalSerializer
    filter_backends = (LedgerQuestion,)
    ordered_by = ("key",)
    asked: Asked

    def get_queryset(self) -> Any:
        return Measure.objects.public().filter(additive=True)

    def paginate_queryset(self, queryset: Any) -> Any:
        measures = super().paginate_queryset(queryset)
        totals = read_figures(measures, self.asked).totals(self.asked)
        return [total_as_dict(total, settings.SITE_URL) for total in totals]


class TotalOne(ReadOne):
    """One measure's total with its working."""

    serializer_class = LedgerSerializer
    lookup_field = "key"
    noun, found_at = "measure that adds up", "/api/v1/measures/?additive=yes"

    def more_parameters(self) -> list[OpenApiParameter]:
        return [*question_parameters(), OpenApiParameter("page", str, description=FIXES["page"])]

    def get_object(self) -> Any:
        asked = read_strictly(self.request, "fields")
        try:
            total = total_of(find_additive_measure(self.kwargs["key"]), asked)
            page = read_page(self.request.query_params)
        except BadQuestion as bad:
            raise as_not_answered(bad) from bad
        return ledger_as_dict(total, settings.SITE_URL, page=page)

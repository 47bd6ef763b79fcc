"""Case studies in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from casestudies.models import CaseStudy, LearningPoint
from portal.benefits.api import WholeEntrySerializer
from portal.catalogue.serializers import NamedEntry
from portal.core.api import NotStated, OneOf, OneOfOrNot, Told
from portal.organisations.api import NamedOrganisation


class ParticipantSerializer(Told):
    """One organisation's part in it."""

    never_without = ("name", "role")

    name = serializers.CharField(help_text="As the source names it.")
    role = NotStated()
    organisation = NamedOrganisation(allow_null=True)


class LearningPointSerializer(Told):
    """One enabler, barrier or lesson."""

    never_without = ("kind", "text")

    kind = OneOf(LearningPoint.Kind)
    barrier_kind = OneOfOrNot(LearningPoint.BarrierKind)
    text = serializers.CharField()


class CaseStudySerializer(WholeEntrySerializer):
    """One system's or organisation's account of a workforce arrangement."""

    system = NotStated()
    period = NotStated(help_text="As the source gives it.")
    status = OneOfOrNot(CaseStudy.Status)
    status_note = NotStated()
    approach = NotStated()
    outcomes = NotStated()
    agreement = OneOfOrNot(CaseStudy.Agreement)
    bank_model = OneOfOrNot(CaseStudy.BankModel)
    lessons_reading = OneOfOrNot(CaseStudy.Reading, help_text="Where the lessons come from.")
    participants = ParticipantSerializer(many=True)
    learning_points = LearningPointSerializer(many=True)
    innovations_used = serializers.SerializerMethodField(help_text="Published ones.")

    @extend_schema_field(NamedEntry(many=True))
    def get_innovations_used(self, case_study: Any) -> Any:
        return NamedEntry([one for one in case_study.innovations_used.all() if one.live], many=True).data

"""Innovations in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from innovations.models import Innovation
from portal.benefits.api import WholeEntrySerializer
from portal.catalogue.serializers import NamedEntry, TagSerializer
from portal.core.api import NotStated, OneOfOrNot


class InnovationSerializer(WholeEntrySerializer):
    """A change to how the workforce is deployed, trained or supported."""

    kinds = TagSerializer(many=True)
    programmes = TagSerializer(many=True)
    supplier_or_lead = NotStated()
    how_it_works = NotStated()
    eligibility = NotStated()
    cost_band = OneOfOrNot(Innovation.CostBand)
    cost_drivers = NotStated()
    ease_of_adoption = OneOfOrNot(Innovation.Ease)
    nice_status = OneOfOrNot(Innovation.NiceStatus)
    nice_reference = NotStated()
    case_studies = serializers.SerializerMethodField(help_text="Published ones that use it.")

    @extend_schema_field(NamedEntry(many=True))
    def get_case_studies(self, innovation: Any) -> Any:
        return NamedEntry([one for one in innovation.case_studies.all() if one.live], many=True).data

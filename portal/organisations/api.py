"""Organisations in the API."""

from typing import Any

from rest_framework import serializers

from portal.core.api import NotStated, OneOf, OneOfOrNot, ReadList, ReadOne, StrictFilters, Told, Where
from portal.organisations.filters import OrganisationFilters
from portal.organisations.models import Organisation


class NamedOrganisation(Told):
    """An organisation where something else is told."""

    never_without = ("code", "name")

    code = serializers.CharField()
    name = serializers.CharField(source="display_name")


class OrganisationSerializer(Told):
    """One body or area with a code, as the NHS uses it."""

    never_without = ("code",)

    code = serializers.CharField(help_text="The ODS code where there is one; of any length.")
    kind = OneOf(Organisation.Kind)
    name = serializers.CharField()
    short_name = NotStated()
    abbreviation = NotStated()
    trust_type = OneOfOrNot(Organisation.TrustType)
    town = NotStated()
    area = NotStated(help_text="The area served, in words.")
    region = NamedOrganisation(allow_null=True)
    opened_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True, help_text="The last day; null: open.")
    url = Where()


class FormerNameSerializer(Told):
    never_without = ("name", "until")

    name = serializers.CharField()
    until = NotStated(help_text="A year, a month or a day.")


class OtherCodeSerializer(Told):
    never_without = ("system", "code")

    system = serializers.CharField(help_text="Whose list it is of: ONS, ODS.")
    code = serializers.CharField()


class MembershipSerializer(Told):
    """For a time, the organisation lay in another."""

    never_without = ("within", "start", "end")

    within = NamedOrganisation()
    start = serializers.DateField(allow_null=True, help_text="Null: since before our records.")
    end = serializers.DateField(allow_null=True, help_text="The last day; null: still.")


class SuccessorSerializer(Told):
    never_without = ("organisation", "on")

    organisation = NamedOrganisation(source="successor")
    on = serializers.DateField()


class PredecessorSerializer(Told):
    never_without = ("organisation", "on")

    organisation = NamedOrganisation(source="predecessor")
    on = serializers.DateField()


class OrganisationDetailSerializer(OrganisationSerializer):
    """An organisation with where it lies, what it was called and what became of it."""

    legal_form = NotStated()
    former_names = FormerNameSerializer(many=True)
    other_codes = OtherCodeSerializer(many=True)
    memberships = MembershipSerializer(many=True)
    predecessors = PredecessorSerializer(many=True, source="successions_in")
    successors = SuccessorSerializer(many=True, source="successions_out")


class OrganisationList(ReadList):
    """Organisations and the places they lie in, by code."""

    queryset = Organisation.objects.select_related("region")
    serializer_class = OrganisationSerializer
    filter_backends = (StrictFilters,)
    filterset_class: Any = OrganisationFilters
    ordered_by = ("code",)


class OrganisationOne(ReadOne):
    """One organisation by its code, closed or not."""

    queryset = Organisation.objects.for_page()
    serializer_class = OrganisationDetailSerializer
    lookup_field = "code__iexact"
    lookup_url_kwarg = "code"
    noun, found_at = "organisation", "/api/v1/organisations/"

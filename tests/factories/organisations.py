"""Organisations of every kind, and how they lie in one another."""

import factory
from factory.django import DjangoModelFactory

from portal.organisations.models import (
    MapTile,
    Membership,
    Organisation,
    OrganisationCode,
    OrganisationName,
    Succession,
)


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """A trust, unless told otherwise."""

    class Meta:
        model = Organisation

    code = factory.Sequence(lambda n: f"T{n:04d}")
    kind = Organisation.Kind.TRUST
    name = factory.Sequence(lambda n: f"Trust {n} NHS Foundation Trust")


class TrustFactory(OrganisationFactory):
    trust_type = Organisation.TrustType.ACUTE


class IcbFactory(OrganisationFactory):
    code = factory.Sequence(lambda n: f"Q{n:04d}")
    kind = Organisation.Kind.ICB
    name = factory.Sequence(lambda n: f"NHS System {n} Integrated Care Board")


class RegionFactory(OrganisationFactory):
    code = factory.Sequence(lambda n: f"Y{n:04d}")
    kind = Organisation.Kind.REGION
    name = factory.Sequence(lambda n: f"Region {n}")


class CountryFactory(OrganisationFactory):
    code = factory.Sequence(lambda n: f"E{n:04d}")
    kind = Organisation.Kind.COUNTRY
    name = factory.Sequence(lambda n: f"Country {n}")


class NetworkFactory(OrganisationFactory):
    code = factory.Sequence(lambda n: f"N{n:04d}")
    kind = Organisation.Kind.NETWORK
    name = factory.Sequence(lambda n: f"Health Innovation Network {n}")


class OrganisationCodeFactory(DjangoModelFactory[OrganisationCode]):
    class Meta:
        model = OrganisationCode

    organisation = factory.SubFactory(OrganisationFactory)
    system = "ONS"
    code = factory.Sequence(lambda n: f"E{n:08d}")


class OrganisationNameFactory(DjangoModelFactory[OrganisationName]):
    class Meta:
        model = OrganisationName

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Former name {n}")


class MembershipFactory(DjangoModelFactory[Membership]):
    """A trust in an ICB, unless told otherwise."""

    class Meta:
        model = Membership

    organisation = factory.SubFactory(TrustFactory)
    within = factory.SubFactory(IcbFactory)


class SuccessionFactory(DjangoModelFactory[Succession]):
    class Meta:
        model = Succession

    predecessor = factory.SubFactory(OrganisationFactory)
    successor = factory.SubFactory(OrganisationFactory)
    on = "2024-04-01"


class MapTileFactory(DjangoModelFactory[MapTile]):
    class Meta:
        model = MapTile

    organisation = factory.SubFactory(IcbFactory)
    boards_from = "2022-07-01"
    column = factory.Sequence(lambda n: n % 10)
    row = factory.Sequence(lambda n: n // 10)

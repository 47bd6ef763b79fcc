"""Who took up what: records of organisations, and claims about groups. Neither belongs to an entry's draft."""

import factory
from factory.django import DjangoModelFactory

from portal.adoption.models import AdoptionRecord, CoverageClaim, Stage
from tests.factories.evidence import EvidenceFactory
from tests.factories.organisations import TrustFactory


class AdoptionRecordFactory(DjangoModelFactory[AdoptionRecord]):
    """Needs `entry`."""

    class Meta:
        model = AdoptionRecord

    organisation = factory.SubFactory(TrustFactory)
    stage = Stage.ADOPTED
    evidence = factory.SubFactory(EvidenceFactory)


class CoverageClaimFactory(DjangoModelFactory[CoverageClaim]):
    """Needs `entry`."""

    class Meta:
        model = CoverageClaim

    group = "Acute trusts in England"
    stage = Stage.ADOPTED
    evidence = factory.SubFactory(EvidenceFactory)

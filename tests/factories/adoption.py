"""Who took up what: records of organisations, and claims about groups. Neither belongs to an entry's draft."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from portal.adoption.models import (
    AdoptionRecord,
    ConfirmationPeriod,
    Contact,
    CoverageClaim,
    Reply,
    Stage,
    StopReason,
)
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


class ContactFactory(DjangoModelFactory[Contact]):
    """A contact who agreed to be asked, a month ago."""

    class Meta:
        model = Contact

    organisation = factory.SubFactory(TrustFactory)
    email = factory.Sequence(lambda n: f"contact-{n}@example.org")
    consent_by = "Head of e-rostering"
    consent_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    consent_for = Contact.Purpose.ADOPTION
    kept_until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=790))


class ConfirmationPeriodFactory(DjangoModelFactory[ConfirmationPeriod]):
    class Meta:
        model = ConfirmationPeriod

    valid_from = factory.Sequence(lambda n: f"2015-01-{n % 28 + 1:02}")
    months = 12
    reviewed_on = "2026-11-24"


class ReplyFactory(DjangoModelFactory[Reply]):
    """Needs `entry`: a stop that waits for the network."""

    class Meta:
        model = Reply

    organisation = factory.SubFactory(TrustFactory)
    answer = Reply.Answer.STOPPED
    stage = Stage.STOPPED
    stop_reason = StopReason.NOT_STATED
    said_on = factory.LazyFunction(timezone.localdate)
    state = Reply.State.WAITING

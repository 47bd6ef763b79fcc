"""Citable sources."""

import factory
from factory.django import DjangoModelFactory

from portal.evidence.models import Evidence


class EvidenceFactory(DjangoModelFactory[Evidence]):
    class Meta:
        model = Evidence

    key = factory.Sequence(lambda n: f"source-{n}")
    title = factory.Sequence(lambda n: f"Evaluation report {n}")

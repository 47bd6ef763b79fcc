"""Innovations and the lists only they are filed under."""

import factory

from innovations.models import Innovation, InnovationKind, Programme
from tests.factories.catalogue import EntryFactory, TagFactory, rows_of


class InnovationKindFactory(TagFactory):
    class Meta:
        model = InnovationKind


class ProgrammeFactory(TagFactory):
    class Meta:
        model = Programme


class InnovationFactory(EntryFactory):
    class Meta:
        model = Innovation
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Innovation {n}")
    slug = factory.Sequence(lambda n: f"innovation-{n}")

    kinds = rows_of("kinds")
    programmes = rows_of("programmes")

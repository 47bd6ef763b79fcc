"""Case studies, their participants and what they taught."""

import factory
from factory.django import DjangoModelFactory

from casestudies.models import CaseStudy, LearningPoint, Participant
from tests.factories.catalogue import EntryFactory, rows_of


class CaseStudyFactory(EntryFactory):
    class Meta:
        model = CaseStudy
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Case study {n}")
    slug = factory.Sequence(lambda n: f"case-study-{n}")
    innovations_used = rows_of("innovations_used")


class ParticipantFactory(DjangoModelFactory[Participant]):
    """Needs `case_study`."""

    class Meta:
        model = Participant

    name = factory.Sequence(lambda n: f"Participant {n}")


class LearningPointFactory(DjangoModelFactory[LearningPoint]):
    """Needs `case_study`."""

    class Meta:
        model = LearningPoint

    kind = LearningPoint.Kind.LESSON
    text = "Agree who pays for training before the first shift."

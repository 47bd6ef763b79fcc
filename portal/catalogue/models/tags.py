"""The lists an entry of either kind is filed under."""

from django.db import models

from portal.catalogue.querysets import ThemeQuerySet
from portal.core.models import Tag


class Theme(Tag):
    """What an entry is about; seven of them are the themes of case studies."""

    for_case_studies = models.BooleanField(default=False, help_text="One of the seven case-study themes.")

    objects = ThemeQuerySet.as_manager()

    class Meta(Tag.Meta):
        pass


class PlanStrand(Tag):
    """A strand of the NHS Long Term Workforce Plan: train, retain, reform."""

    class Meta(Tag.Meta):
        pass


class CareSetting(Tag):
    """Where care is given."""

    class Meta(Tag.Meta):
        pass


class StaffGroup(Tag):
    """Whose work changes."""

    class Meta(Tag.Meta):
        pass


class WorkforceChallenge(Tag):
    """The shortage or strain an entry answers."""

    class Meta(Tag.Meta):
        pass

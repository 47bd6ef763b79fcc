"""Tags, and what entries of both kinds have in common: their children and how they are published."""

from contextlib import nullcontext
from typing import Any

import factory
from factory.django import DjangoModelFactory

from portal.catalogue.models import (
    CareSetting,
    CatalogueVersion,
    Claim,
    Entry,
    EntryEvidence,
    OtherName,
    PlanStrand,
    StaffGroup,
    Theme,
    WorkforceChallenge,
)
from portal.catalogue.services import publish_entry
from tests.factories.evidence import EvidenceFactory


class TagFactory(DjangoModelFactory[Any]):
    class Meta:
        abstract = True

    name = factory.Sequence(lambda n: f"Tag {n}")
    slug = factory.Sequence(lambda n: f"tag-{n}")


class ThemeFactory(TagFactory):
    class Meta:
        model = Theme

    name = factory.Sequence(lambda n: f"Theme {n}")
    slug = factory.Sequence(lambda n: f"theme-{n}")


class PlanStrandFactory(TagFactory):
    class Meta:
        model = PlanStrand


class CareSettingFactory(TagFactory):
    class Meta:
        model = CareSetting


class StaffGroupFactory(TagFactory):
    class Meta:
        model = StaffGroup


class WorkforceChallengeFactory(TagFactory):
    class Meta:
        model = WorkforceChallenge


def publish(entry: Entry) -> None:
    """Make what the database holds of the entry live, through a revision, as editing does."""
    publish_entry(entry=type(entry.specific)._default_manager.get(pk=entry.pk))
    entry.refresh_from_db()


def rows_of(field: str) -> Any:
    """Declare a keyword of a factory that takes the rows of a many-to-many field; they are saved last, together."""

    @factory.post_generation
    def set_rows(entry: Any, create: bool, rows: Any, **kwargs: Any) -> bool:
        if rows:
            getattr(entry, field).set(rows)
        return bool(rows)

    return set_rows


class EntryFactory(DjangoModelFactory[Any]):
    """A draft; with `published=True` live, with its revision. `other_names` takes words, the other lists rows."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    summary = "An online tool that shows who is free to work, so that shifts are filled without telephone calls."
    themes = rows_of("themes")
    plan_strands = rows_of("plan_strands")
    care_settings = rows_of("care_settings")
    staff_groups = rows_of("staff_groups")
    workforce_challenges = rows_of("workforce_challenges")
    lead_organisations = rows_of("lead_organisations")
    places = rows_of("places")

    @factory.post_generation
    def other_names(self, create: bool, names: Any, **kwargs: Any) -> None:
        for name in names or []:
            OtherName.objects.create(entry=self, name=name)

    @factory.post_generation
    def published(self, create: bool, wanted: Any, **kwargs: Any) -> bool:
        return bool(wanted)

    @classmethod
    def _generate(cls, strategy: Any, params: Any) -> Any:
        with CatalogueVersion.moves_once() if strategy == "create" else nullcontext():
            return super()._generate(strategy, params)

    @classmethod
    def _after_postgeneration(cls, instance: Any, create: bool, results: Any = None) -> None:
        """Publish last, so that the revision holds everything the other declarations added."""
        results = dict(results or {})
        published = results.pop("published", False)
        if any(results.values()):
            instance.save()
        if published:
            publish(instance)


class EntryEvidenceFactory(DjangoModelFactory[EntryEvidence]):
    """Needs `entry`."""

    class Meta:
        model = EntryEvidence

    evidence = factory.SubFactory(EvidenceFactory)


class ClaimFactory(DjangoModelFactory[Claim]):
    """Needs `entry`."""

    class Meta:
        model = Claim

    statement = "Managers say it changed how they plan rotas."


def cite(entry: Entry, *, published: bool = True, **fields: Any) -> EntryEvidence:
    """Cite a piece of evidence; a live entry is published again with it."""
    link: EntryEvidence = EntryEvidenceFactory.create(entry=entry, **fields)
    if published and entry.live:
        publish(entry)
    return link

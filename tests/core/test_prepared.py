"""What is made ready is written later, whole, under keys that nobody else gets meanwhile."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from wagtail.models import Revision

from innovations.models import Innovation
from portal.benefits.models import BenefitFigure
from portal.briefings.models import PackEntry
from portal.catalogue.models import Entry, EntryEvidence, Theme
from portal.core.prepared import PreparedWrites, reserve_keys
from portal.evidence.models import Evidence
from tests.factories import BriefingPackFactory, InnovationFactory, MeasureFactory, ThemeFactory, add_figure, cite

pytestmark = pytest.mark.django_db


def test_nothing_is_written_before_it_is_run() -> None:
    old = ThemeFactory(name="Old", slug="old")
    (key,) = reserve_keys(Theme, 1)
    old.name = "Renamed"
    with PreparedWrites() as prepared:
        prepared.insert(Theme, [Theme(pk=key, name="One", slug="one")])
        prepared.insert(Theme, [Theme(name="Two", slug="two"), Theme(name="Three", slug="three")])
        prepared.update(Theme, [old], ["name"])
        assert [theme.name for theme in Theme.objects.all()] == ["Old"]
        prepared.run()
    assert {theme.slug: theme.name for theme in Theme.objects.all()} == {
        "old": "Renamed",
        "one": "One",
        "two": "Two",
        "three": "Three",
    }
    assert Theme.objects.get(slug="one").pk == key


def test_more_rows_than_one_statement_takes_are_all_written() -> None:
    with PreparedWrites() as prepared:
        prepared.insert(Theme, [Theme(name=f"Theme {n}", slug=f"theme-{n}") for n in range(1200)])
        prepared.run()
    assert Theme.objects.count() == 1200


def test_a_part_of_a_row_goes_into_its_own_table() -> None:
    (key,) = reserve_keys(Entry, 1)
    row = Innovation(pk=key, id=key, title="Rota", slug="rota", kind="innovation")
    with PreparedWrites() as prepared:
        prepared.insert(Entry, [row])
        prepared.insert(Innovation, [row])
        prepared.run()
    assert Innovation.objects.get().title == "Rota"


@pytest.mark.parametrize("rows", [0, 2])
def test_reserved_keys_are_nobody_elses(rows: int) -> None:
    made: list[Any] = [InnovationFactory() for _ in range(rows)]
    first, second = list(reserve_keys(Entry, 3)), list(reserve_keys(Entry, 2))
    made += [InnovationFactory(), InnovationFactory()]
    keys = [row.pk for row in made]
    assert len({*first, *second, *keys}) == 5 + len(keys)
    assert list(reserve_keys(Entry, 0)) == []


@pytest.mark.django_db(transaction=True)
def test_what_is_deleted_takes_along_what_django_would_take() -> None:
    measure = MeasureFactory()
    gone, stays = InnovationFactory(themes=[ThemeFactory()]), InnovationFactory()
    for entry in (gone, stays):
        cite(entry)
        add_figure(entry, measure=measure)
        entry.save_revision(clean=False)
    pointing = PackEntry.objects.create(pack=BriefingPackFactory(), entry=gone, position=9, entry_version=1)
    with PreparedWrites() as prepared:
        prepared.delete(Entry, [gone.pk])
        assert Entry.objects.count() == 2
        with transaction.atomic():
            prepared.run()
    kept = {
        model: list(model._default_manager.values_list("entry", flat=True)) for model in (EntryEvidence, BenefitFigure)
    }
    assert kept == {EntryEvidence: [stays.pk], BenefitFigure: [stays.pk]}
    assert [entry.pk for entry in Innovation.objects.all()] == [stays.pk]
    assert [revision.object_id for revision in Revision.objects.all()] == [str(stays.pk)]
    pointing.refresh_from_db()
    assert pointing.entry is None


def test_what_still_names_a_deleted_row_keeps_it() -> None:
    link = cite(InnovationFactory())
    with PreparedWrites() as prepared, transaction.atomic():
        prepared.delete(Evidence, [link.evidence_id])
        prepared.run()
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)

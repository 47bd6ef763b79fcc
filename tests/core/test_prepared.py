"""What is made ready is written later, whole, under keys that nobody else gets meanwhile."""

from typing import Any

import pytest

from innovations.models import Innovation
from portal.catalogue.models import Entry, Theme
from portal.core.prepared import PreparedWrites, reserve_keys
from tests.factories import InnovationFactory, ThemeFactory

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

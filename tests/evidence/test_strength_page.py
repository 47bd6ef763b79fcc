"""The page that explains the strength rule."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from portal.evidence.calculations import FIRST, Rule, assess
from portal.evidence.rule_page import tell_rule
from portal.evidence.services import put_rule_in_force
from tests.evidence.findings import best
from tests.evidence.rules import second_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def second() -> Iterator[Rule]:
    with second_version() as rule:
        yield rule


def page(client: Client) -> str:
    answer = client.get(reverse("catalogue:evidence_strength"))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_it_says_what_each_level_takes_and_since_when(client: Client) -> None:
    said = page(client)
    assert reverse("catalogue:evidence_strength") == "/about/evidence-strength/"
    assert "<strong>version 1</strong> of the rule, in force since 24 November 2026" in said
    for number, level in enumerate(FIRST.levels):
        assert f"{number} of 5: {level.word}" in said
        assert level.takes in said


def test_its_tables_are_the_rules_own() -> None:
    told = tell_rule(FIRST)
    by_name = {row.name: (row.independent, row.part_funded, row.supplier) for row in told.methods}
    assert by_name["Before and after"] == (3, 2, 2)
    assert dict(told.readings)["Abstract read"] == 3 == assess([best("rct", reading="abstract")], FIRST).level
    assert dict(told.settings)["Not stated"] == 3 == assess([best("rct", setting="")], FIRST).level


def test_a_version_put_in_force_is_explained_and_the_earlier_ones_stay_named(client: Client, second: Rule) -> None:
    put_rule_in_force(version=2, instead_of=1, why="Abstracts mislead.", by=None)
    said = page(client)
    assert "<strong>version 2</strong>" in said
    assert "Abstracts mislead." in said
    assert "Version 1, in force from 24 November 2026. The first." in said


def test_it_says_nothing_of_who_put_a_version_in_force(client: Client, second: Rule) -> None:
    put_rule_in_force(version=2, instead_of=1, why="Abstracts mislead.", by=None)
    assert "command line" not in page(client)

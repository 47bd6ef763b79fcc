"""Which version of the strength rule is in force, and how another comes in force."""

from collections.abc import Iterator

import pytest

from portal.catalogue.models import CatalogueVersion
from portal.core.models import AppendOnly
from portal.evidence.calculations import FIRST, Rule
from portal.evidence.models import RuleInForce
from portal.evidence.querysets import UnknownRule
from portal.evidence.services import (
    RuleAlreadyInForce,
    RuleMoved,
    RuleNeedsReason,
    put_rule_in_force,
)
from tests.evidence.rules import second_version
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def second() -> Iterator[Rule]:
    with second_version() as rule:
        yield rule


def test_the_first_version_needs_no_row() -> None:
    assert RuleInForce.objects.rule() == FIRST


def test_a_version_put_in_force_says_who_and_why(second: Rule) -> None:
    person = UserFactory(first_name="Ada", last_name="Example")
    row = put_rule_in_force(version=2, instead_of=1, why=" Abstracts mislead. ", by=person)
    assert RuleInForce.objects.rule() == second
    assert (row.version, row.why, row.by, row.by_name) == (2, "Abstracts mislead.", person, "Ada Example")


def test_an_earlier_version_can_come_back_and_all_rows_stay(second: Rule) -> None:
    put_rule_in_force(version=2, instead_of=1, why="Abstracts mislead.", by=None)
    put_rule_in_force(version=1, instead_of=2, why="It was too strict.", by=None)
    assert RuleInForce.objects.rule() == FIRST
    assert [(row.number, row.version, row.by_name) for row in RuleInForce.objects.all()] == [
        (2, 1, "the command line"),
        (1, 2, "the command line"),
    ]


def test_a_row_is_never_changed_or_deleted(second: Rule) -> None:
    row = put_rule_in_force(version=2, instead_of=1, why="Abstracts mislead.", by=None)
    for change in (row.save, row.delete, RuleInForce.objects.all().delete):
        with pytest.raises(AppendOnly):
            change()


def test_who_put_it_in_force_is_still_named_when_the_account_is_gone(second: Rule) -> None:
    person = UserFactory(first_name="Ada", last_name="Example")
    put_rule_in_force(version=2, instead_of=1, why="Abstracts mislead.", by=person)
    person.delete()
    row = RuleInForce.objects.get()
    assert (row.by, row.by_name) == (None, "Ada Example")


def test_every_public_answer_is_worked_out_anew(second: Rule) -> None:
    before = CatalogueVersion.now()
    put_rule_in_force(version=2, instead_of=1, why="Abstracts mislead.", by=None)
    assert CatalogueVersion.now() != before


def test_a_list_made_against_another_version_is_refused(second: Rule) -> None:
    put_rule_in_force(version=2, instead_of=1, why="Abstracts mislead.", by=None)
    with pytest.raises(RuleMoved, match="Version 2 has come in force since"):
        put_rule_in_force(version=2, instead_of=1, why="Me too.", by=None)
    with pytest.raises(RuleAlreadyInForce, match="in force already"):
        put_rule_in_force(version=2, instead_of=2, why="Me too.", by=None)
    assert RuleInForce.objects.count() == 1


def test_of_two_at_once_the_second_is_refused(second: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    put_rule_in_force(version=2, instead_of=1, why="Abstracts mislead.", by=None)
    monkeypatch.setattr(type(RuleInForce.objects.all()), "standing", lambda self: None)
    with pytest.raises(RuleMoved, match="Somebody else"):
        put_rule_in_force(version=2, instead_of=1, why="Abstracts mislead.", by=None)


def test_nothing_comes_in_force_without_a_reason_or_without_being_published(second: Rule) -> None:
    with pytest.raises(RuleNeedsReason, match="Say why"):
        put_rule_in_force(version=2, instead_of=1, why=" ", by=None)
    with pytest.raises(UnknownRule, match=r"no version 9 of the strength rule. There is: 1, 2\."):
        put_rule_in_force(version=9, instead_of=1, why="Why not.", by=None)
    assert not RuleInForce.objects.exists()

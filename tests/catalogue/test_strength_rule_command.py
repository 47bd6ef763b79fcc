"""The command that shows, compares and applies a version of the strength rule."""

import io
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from portal.evidence.models import RuleInForce
from portal.evidence.services import put_rule_in_force
from tests.evidence.rules import second_version
from tests.factories import EvidenceFactory, InnovationFactory, UserFactory, cite

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def second() -> Iterator[None]:
    with second_version():
        yield


@pytest.fixture(autouse=True)
def entry() -> None:
    evidence = EvidenceFactory(
        title="A study", type="before_after", independence="independent", setting="nhs_england", read_extent="abstract"
    )
    cite(InnovationFactory(published=True, title="A tool"), evidence=evidence, finding="Fewer calls.")


LIST = "A tool: 3 to 1. “A study” would count for 1, not 3.\nVersion 2 changes the strength of 1 entry.\n"


def told(*options: object) -> str:
    out = io.StringIO()
    call_command("strength_rule", *options, stdout=out)
    return out.getvalue()


def test_it_shows_which_version_is_in_force() -> None:
    assert told() == "Version 1 is in force since 24 November 2026\nPublished: 1, 2.\n"
    put_rule_in_force(version=2, instead_of=1, why="Abstracts mislead.", by=None)
    assert "Version 2 is in force since" in told()
    assert "by the command line: Abstracts mislead." in told()


def test_it_lists_what_a_version_would_change_and_changes_nothing() -> None:
    assert told("--compare", 2) == LIST
    assert not RuleInForce.objects.exists()


def test_it_applies_a_version_only_after_the_list() -> None:
    person = UserFactory(username="ada")
    assert told("--apply", 2, "--why", "Abstracts mislead.", "--by", "ada") == LIST + "Version 2 is in force.\n"
    row = RuleInForce.objects.get()
    assert (row.version, row.by, row.why) == (2, person, "Abstracts mislead.")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--apply", 2], "Say why"),
        (["--apply", 1, "--why", "Again."], "in force already"),
        (["--apply", 9, "--why", "New."], "no version 9"),
        (["--compare", 9], "no version 9"),
        (["--apply", 2, "--why", "New.", "--by", "nobody"], "nobody with the user name “nobody”"),
        (["--apply", 2, "--compare", 2], "not allowed with"),
    ],
)
def test_what_can_not_be_done_is_said_and_nothing_is_changed(options: list[object], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        told(*options)
    assert not RuleInForce.objects.exists()

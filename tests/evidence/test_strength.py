"""What each level takes, and what holds an entry below it."""

from dataclasses import fields
from hashlib import sha256

import pytest

from portal.evidence.calculations import FIRST, RULES, Finding, Limit, assess, limits_of
from portal.evidence.models import Evidence
from tests.evidence.findings import best, finding


def level(*findings: Finding) -> int:
    return assess(findings, FIRST).level


def limits(*findings: Finding) -> set[Limit]:
    return {held.limit for held in limits_of(assess(findings, FIRST))}


LEVELS = {
    0: [[]],
    1: [
        [best("opinion")],
        [best("guidance")],
        [finding("supplier_material", independence="supplier")],
        [finding("", reading="whole", independence="independent")],
        [finding("case_study", reading="excerpt")],
        [best("economic_model", independence="supplier")],
    ],
    2: [
        [best("case_study", independence="part_funded")],
        [best("survey", independence="")],
        [best("qualitative_evaluation")],
        [best("before_after", design_level=None, independence="part_funded")],
        [best("rct", independence="supplier")],
        [best("rct", independence="")],
        [best("rct", reading="second_hand")],
    ],
    3: [
        [best("before_after", design_level=None)],
        [best("systematic_review", design_level=None)],
        [best("rct", design_level=2)],
        [best("quasi_experimental", independence="part_funded", reading="abstract")],
        [best("rct", setting="other")],
        [best("rct", setting="")],
        [best("rct", reading="abstract")],
    ],
    4: [
        [best("quasi_experimental", design_level=None, setting="uk", reading="excerpt")],
        [best("rct", design_level=None), best("rct", design_level=None)],
        [best("rct")],
        [best("rct"), best("quasi_experimental", design_level=3, reading="abstract")],
    ],
    5: [
        [best("rct"), best("quasi_experimental", design_level=3, setting="uk", reading="excerpt")],
        [best("systematic_review")],
    ],
}


@pytest.mark.parametrize(
    ("expected", "findings"), [(expected, findings) for expected, rows in LEVELS.items() for findings in rows]
)
def test_each_level_takes_what_it_says(expected: int, findings: list[Finding]) -> None:
    assert level(*findings) == expected


def test_a_supplier_alone_never_passes_2_however_much_there_is() -> None:
    trials = [best("rct", independence="supplier", key=str(number)) for number in range(9)]
    assert level(*trials, finding("supplier_material")) == 2
    assert Limit.SUPPLIER_ALONE in limits(*trials)


def test_what_kept_an_entry_down_is_named() -> None:
    assert limits() == {Limit.NO_FINDING}
    assert limits(best("opinion")) == {Limit.METHOD}
    assert limits(finding("supplier_material")) == {Limit.SUPPLIER_ALONE, Limit.METHOD}
    assert limits(best("rct", independence="")) == {Limit.INDEPENDENCE}
    assert limits(best("rct", setting="other")) == {Limit.SETTING}
    assert limits(best("rct", reading="second_hand")) == {Limit.READING}
    assert limits(best("rct")) == {Limit.ONE_STUDY}
    assert limits(best("systematic_review")) == set()


def test_limits_that_only_together_hold_it_down_are_all_named() -> None:
    assert limits(best("rct", independence="part_funded", reading="abstract")) == {Limit.INDEPENDENCE, Limit.READING}


def test_a_limit_names_the_findings_it_holds_down() -> None:
    unread, unsigned, told = best("rct", key="a", reading=""), best("rct", key="b", independence=""), best("opinion")
    strength = assess([told, unread, unsigned], FIRST)
    held = {one.limit: [finding.key for finding in one.findings] for one in limits_of(strength)}
    assert held == {Limit.METHOD: [told.key], Limit.INDEPENDENCE: ["b"], Limit.READING: ["a"]}


def test_the_findings_that_decide_are_told_from_the_others() -> None:
    trial, survey = best("rct", key="trial", reading="abstract"), best("survey", key="survey")
    strength = assess([survey, trial], FIRST)
    assert [one.finding.key for one in strength.weighed] == ["trial", "survey"]
    assert [one.finding.key for one in strength.deciding] == ["trial"]


def test_the_text_has_level_and_word() -> None:
    assert assess([best("before_after")], FIRST).text == "Strength 4 of 5: strong"


def test_every_value_that_evidence_can_have_is_weighed() -> None:
    for rule in RULES.values():
        assert set(rule.method_of_type) == {"", *Evidence.Type.values}
        assert set(rule.reach_of_setting) == {"", *Evidence.Setting.values}
        assert set(rule.reach_of_reading) == {"", "second_hand", *Evidence.ReadExtent.values}
        assert all(set(method.reach) == {"", *Evidence.Independence.values} for method in rule.methods)
        assert len(rule.levels) == 6


def test_by_no_version_does_a_supplier_alone_pass_2() -> None:
    assert all(method.reach["supplier"] <= 2 for rule in RULES.values() for method in rule.methods)


# A version that has been in force is never changed: add another, and its print here.
PRINTS = {1: "b96b18563da16201"}


def test_a_version_that_has_been_in_force_reads_as_it_did() -> None:
    assert {version: _print(version) for version in RULES} == PRINTS


def _print(version: int) -> str:
    """Return a short print of all that a version says."""
    rule = RULES[version]
    told = [(field.name, _plain(getattr(rule, field.name))) for field in fields(rule)]
    return sha256(repr(told).encode()).hexdigest()[:16]


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value

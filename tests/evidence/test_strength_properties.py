"""What holds of the rule whatever the findings."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.evidence.calculations import (
    FIRST,
    TOP,
    Finding,
    assess,
    cheapest_addition,
    cheapest_check,
    is_the_suppliers,
    limits_of,
)
from tests.evidence.findings import any_finding, any_findings, suppliers_findings

pytestmark = pytest.mark.slow


def level(findings: list[Finding]) -> int:
    return assess(findings, FIRST).level


@given(any_findings)
def test_the_level_is_0_to_5_and_0_only_without_a_finding(findings: list[Finding]) -> None:
    assert 0 <= level(findings) <= TOP
    assert (level(findings) == 0) == (not findings)


@given(any_findings, any_finding)
def test_adding_evidence_never_lowers_the_level(findings: list[Finding], more: Finding) -> None:
    assert level([*findings, more]) >= level(findings)


@given(any_findings, st.integers(0, 10**6))
def test_the_order_of_the_findings_never_matters(findings: list[Finding], seed: int) -> None:
    shuffled = list(findings)
    Random(seed).shuffle(shuffled)
    one, other = assess(findings, FIRST), assess(shuffled, FIRST)
    assert one == other
    assert limits_of(one) == limits_of(other)
    assert cheapest_addition(one) == cheapest_addition(other)
    assert cheapest_check(one) == cheapest_check(other)


@given(suppliers_findings)
def test_supplier_material_alone_never_passes_2(findings: list[Finding]) -> None:
    assert all(is_the_suppliers(one, FIRST) for one in findings)
    assert level(findings) <= 2


@given(any_findings, st.integers(0, 5), st.sampled_from(["independence", "setting", "reading"]), any_finding)
def test_finding_out_what_is_not_stated_never_lowers_the_level(
    findings: list[Finding], place: int, field: str, other: Finding
) -> None:
    unknown = [replace(one, **{field: ""}) if at == place else one for at, one in enumerate(findings)]
    known = [replace(one, **{field: getattr(other, field)}) if at == place else one for at, one in enumerate(findings)]
    assert level(known) >= level(unknown)


@given(any_findings)
def test_the_cheapest_addition_raises_the_level_and_only_the_top_has_none(findings: list[Finding]) -> None:
    strength = assess(findings, FIRST)
    step = cheapest_addition(strength)
    assert (step is None) == (strength.level == TOP)
    if step:
        assert level([*findings, step.finding]) == step.level > strength.level


@given(any_findings)
def test_what_is_worth_finding_out_raises_the_level_if_it_comes_out_so(findings: list[Finding]) -> None:
    strength = assess(findings, FIRST)
    check = cheapest_check(strength)
    if check:
        findings.remove(check.finding)
        assert level([*findings, check.checked]) == check.level > strength.level


@given(any_findings)
def test_something_limits_every_entry_below_the_top(findings: list[Finding]) -> None:
    strength = assess(findings, FIRST)
    assert bool(limits_of(strength)) == (strength.level < TOP)


@given(any_findings.filter(bool), any_finding, st.randoms(use_true_random=False))
def test_of_the_others_those_that_count_towards_the_top_are_enough(
    findings: list[Finding], better: Finding, random: Random
) -> None:
    strength = assess(findings, FIRST)
    place = random.randrange(len(findings))
    others = [one.finding for at, one in enumerate(strength.weighed) if at != place]
    enough = [one.finding for one in strength.others_that_count(place)]
    assert (level([*enough, better]) > strength.level) == (level([*others, better]) > strength.level)

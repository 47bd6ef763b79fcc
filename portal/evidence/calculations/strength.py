"""How sure an entry's findings are, worked out by a version of the rule."""

from collections.abc import Iterable

from portal.evidence.calculations.values import (
    SUPPLIER,
    TOP,
    Finding,
    Method,
    Rule,
    Strength,
    Weighed,
)


def assess(findings: Iterable[Finding], rule: Rule) -> Strength:
    """Work out an entry's strength; the order of the findings never matters."""
    weighed = sorted((weigh(finding, rule) for finding in findings), key=_strongest_first)
    return Strength(rule, level_of(weighed, rule), tuple(weighed))


def weigh(finding: Finding, rule: Rule) -> Weighed:
    method = _method(finding, rule)
    return Weighed(
        finding=finding,
        method=method,
        by_method=method.reach[_side(finding, rule)],
        by_setting=rule.reach_of_setting[finding.setting],
        by_reading=rule.reach_of_reading[finding.reading],
        studies=rule.studies_in_a_review if finding.type in rule.reviews else 1,
    )


def level_of(weighed: Iterable[Weighed], rule: Rule) -> int:
    best = studies = 0
    for one in weighed:
        best = max(best, one.reach)
        studies += one.studies if one.reach >= rule.corroborated_by else 0
    return best if best < TOP or studies >= rule.studies_for_the_top else TOP - 1


def is_the_suppliers(finding: Finding, rule: Rule) -> bool:
    return _side(finding, rule) == SUPPLIER


def _method(finding: Finding, rule: Rule) -> Method:
    """A stated design level says more than the type's name: a badly run trial is no trial."""
    if finding.design_level and finding.type in rule.graded_by_design_level:
        return rule.method_of_design_level[finding.design_level]
    return rule.method_of_type[finding.type]


def _side(finding: Finding, rule: Rule) -> str:
    return SUPPLIER if finding.type in rule.suppliers_own else finding.independence


def _strongest_first(weighed: Weighed) -> tuple[int, int, str, str]:
    """Put the strongest first, in an order that no order of the findings changes."""
    return -weighed.reach, -weighed.by_method, weighed.finding.title, repr(weighed.finding)

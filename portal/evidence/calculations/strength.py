"""How sure an entry's findings are, worked out by a version of the rule."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from portal.evidence.calculations.values import (
    INDEPENDENT,
    NHS_ENGLAND,
    SUPPLIER,
    TOP,
    WHOLE,
    Finding,
    Limit,
    Method,
    Rule,
    Strength,
    Weighed,
)


def assess(findings: Iterable[Finding], rule: Rule) -> Strength:
    """Work out an entry's strength; the order of the findings never matters."""
    weighed = sorted((weigh(finding, rule) for finding in findings), key=_strongest_first)
    level = level_of(weighed, rule)
    return Strength(rule, level, tuple(weighed), _limits([one.finding for one in weighed], level, rule))


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
    weighed = list(weighed)
    best = max((one.reach for one in weighed), default=0)
    studies = sum(one.studies for one in weighed if one.reach >= rule.corroborated_by)
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
    return -weighed.reach, -weighed.by_method, weighed.finding.title, weighed.finding.key


Change = Callable[[list[Finding]], list[Finding]]


def _at_their_best(**best: object) -> Change:
    return lambda findings: [replace(finding, **best) for finding in findings]  # type: ignore[arg-type]


# What would have to be otherwise for each limit to be gone.
WITHOUT: Mapping[Limit, Change] = {
    Limit.METHOD: _at_their_best(type="rct", design_level=5),
    Limit.INDEPENDENCE: _at_their_best(independence=INDEPENDENT),
    Limit.SETTING: _at_their_best(setting=NHS_ENGLAND),
    Limit.READING: _at_their_best(reading=WHOLE),
    Limit.ONE_STUDY: lambda findings: findings * 2,
}


def _limits(findings: list[Finding], level: int, rule: Rule) -> tuple[Limit, ...]:
    """Find the fewest limits whose lifting would raise the level, by lifting them."""
    if not findings:
        return (Limit.NO_FINDING,)
    alone = (Limit.SUPPLIER_ALONE,) if all(is_the_suppliers(finding, rule) for finding in findings) else ()
    for how_many in range(1, len(WITHOUT) + 1):
        chosen = [some for some in combinations(WITHOUT, how_many) if _would_rise(findings, some, level, rule)]
        if chosen:
            return (*alone, *dict.fromkeys(limit for some in chosen for limit in some))
    return alone


def _would_rise(findings: list[Finding], lifted: Sequence[Limit], level: int, rule: Rule) -> bool:
    for limit in lifted:
        findings = WITHOUT[limit](findings)
    return level_of((weigh(finding, rule) for finding in findings), rule) > level

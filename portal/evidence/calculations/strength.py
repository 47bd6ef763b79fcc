"""How sure an entry's findings are, worked out by a version of the rule."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from portal.evidence.calculations.values import (
    INDEPENDENT,
    NHS_ENGLAND,
    SUPPLIER,
    TOP,
    WHOLE,
    Finding,
    Held,
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
    """Put the strongest first, in an order that no order of the findings changes."""
    return -weighed.reach, -weighed.by_method, weighed.finding.title, repr(weighed.finding)


# What would have to be otherwise of a finding for each limit to be gone.
BEST: Mapping[Limit, Mapping[str, Any]] = {
    Limit.METHOD: {"type": "rct", "design_level": 5},
    Limit.INDEPENDENCE: {"independence": INDEPENDENT},
    Limit.SETTING: {"setting": NHS_ENGLAND},
    Limit.READING: {"reading": WHOLE},
    Limit.ONE_STUDY: {},
}


def _limits(findings: list[Finding], level: int, rule: Rule) -> tuple[Held, ...]:
    """Find the fewest limits whose lifting would raise the level, by lifting them."""
    if not findings:
        return (Held(Limit.NO_FINDING),)
    the_suppliers = all(is_the_suppliers(finding, rule) for finding in findings)
    alone = (Held(Limit.SUPPLIER_ALONE, tuple(findings)),) if the_suppliers else ()
    for how_many in range(1, len(BEST) + 1):
        chosen = [lifted for lifted in combinations(BEST, how_many) if _lifting(lifted, findings, rule) > level]
        if chosen:
            return (*alone, *_held(chosen, findings, level, rule))
    return alone


def _held(chosen: Sequence[Sequence[Limit]], findings: list[Finding], level: int, rule: Rule) -> Iterator[Held]:
    """Yield each limit with the findings that would raise the level if they were freed of it."""
    for limit in BEST:
        together = [lifted for lifted in chosen if limit in lifted]
        if together:
            yield Held(limit, tuple(_freed(limit, together, findings, level, rule)))


def _freed(
    limit: Limit, together: Sequence[Sequence[Limit]], findings: list[Finding], level: int, rule: Rule
) -> Iterator[Finding]:
    """Yield the findings that the limit is true of. Where another method is needed too, the others are of no one."""
    if limit == Limit.ONE_STUDY:
        return
    told = [lifted for lifted in together if limit == Limit.METHOD or Limit.METHOD not in lifted]
    for place, finding in enumerate(findings):
        if any(_lifting(lifted, findings, rule, only=place) > level for lifted in told):
            yield finding


def _lifting(lifted: Sequence[Limit], findings: list[Finding], rule: Rule, only: int | None = None) -> int:
    """Return the level with these limits lifted from all findings, or only from the one in this place."""
    best = {field: value for limit in lifted for field, value in BEST[limit].items()}
    freed = [replace(finding, **best) if only in (None, place) else finding for place, finding in enumerate(findings)]
    copies = 2 if Limit.ONE_STUDY in lifted else 1
    return level_of((weigh(finding, rule) for finding in freed * copies), rule)

"""The cheapest step to the next level, found by trying: it can't disagree with the rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

from portal.evidence.calculations.strength import level_of, weigh
from portal.evidence.calculations.values import (
    INDEPENDENT,
    NHS_ENGLAND,
    NOT_STATED,
    PART_FUNDED,
    SUPPLIER,
    TOP,
    WHOLE,
    Finding,
    Strength,
)


@dataclass(frozen=True)
class Addition:
    """New evidence that would raise the level, and to what."""

    finding: Finding
    level: int


@dataclass(frozen=True)
class Check:
    """What to find out about evidence there is: stated so, it would raise the level, and to what."""

    finding: Finding
    stated: Mapping[str, Any]
    level: int

    @property
    def checked(self) -> Finding:
        return replace(self.finding, **self.stated)


# From the cheapest study to the dearest; a supplier's costs others nothing.
STUDIES: tuple[Mapping[str, Any], ...] = (
    {"type": "case_study"},
    {"type": "survey"},
    {"type": "before_after", "design_level": 2},
    {"type": "quasi_experimental", "design_level": 4},
    {"type": "rct", "design_level": 5},
)
ADDITIONS = tuple(
    Finding(key="", title="", independence=who, setting=NHS_ENGLAND, reading=WHOLE, **study)
    for study, who in product(STUDIES, (SUPPLIER, PART_FUNDED, INDEPENDENT))
)


def cheapest_addition(strength: Strength) -> Addition | None:
    """Return the cheapest new study that raises the level; None at the top."""
    if strength.level == TOP:
        return None
    for finding in ADDITIONS:
        level = level_of([*strength.weighed, weigh(finding, strength.rule)], strength.rule)
        if level > strength.level:
            return Addition(finding, level)
    return None


def cheapest_check(strength: Strength) -> Check | None:
    """Return the least to find out or to read that may raise the level without a new study, if anything would."""
    tried = sorted(
        (
            (len(stated), place, stated)
            for place, one in enumerate(strength.weighed)
            for stated in _answers(one.finding)
        ),
        key=lambda row: row[:2],
    )
    for _, place, stated in tried:
        check = _check(strength, place, stated)
        if check:
            return check
    return None


def _check(strength: Strength, place: int, stated: Mapping[str, Any]) -> Check | None:
    finding = strength.weighed[place].finding
    others = strength.others_that_count(place)
    level = level_of([*others, weigh(replace(finding, **stated), strength.rule)], strength.rule)
    return Check(finding, stated, level) if level > strength.level else None


def _answers(finding: Finding) -> Iterator[dict[str, Any]]:
    """Yield what may come out when what isn't stated of a finding is found out, and what isn't read is read.

    A type is guessed alone: with another guess on top it would be no advice.
    """
    open_questions = list(_open_questions(finding))
    for how_many in range(1, len(open_questions) + 1):
        for chosen in combinations(open_questions, how_many):
            yield {field: value for answer in chosen for field, value in answer.items()}
    if finding.type == NOT_STATED:
        yield from ({"type": study["type"]} for study in STUDIES)


def _open_questions(finding: Finding) -> Iterator[Mapping[str, Any]]:
    """Yield each question with the answer to hope for."""
    if finding.reading != WHOLE:
        yield {"reading": WHOLE}
    if finding.independence == NOT_STATED:
        yield {"independence": INDEPENDENT}
    if finding.setting == NOT_STATED:
        yield {"setting": NHS_ENGLAND}
    if finding.design_level is None and finding.type in BEST_DESIGN_LEVEL:
        yield {"design_level": BEST_DESIGN_LEVEL[finding.type]}


BEST_DESIGN_LEVEL = {"systematic_review": 5, "rct": 5, "quasi_experimental": 4, "before_after": 2}

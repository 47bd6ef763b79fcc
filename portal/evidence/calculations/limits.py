"""What keeps an entry from the next level, found by lifting one limit after the other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from portal.evidence.calculations.strength import is_the_suppliers, level_of, weigh
from portal.evidence.calculations.values import (
    INDEPENDENT,
    NHS_ENGLAND,
    TOP,
    WHOLE,
    Held,
    Limit,
    Strength,
    Weighed,
)

# What would have to be otherwise of a finding for each limit to be gone.
BEST: Mapping[Limit, Mapping[str, Any]] = {
    Limit.METHOD: {"type": "rct", "design_level": 5},
    Limit.INDEPENDENCE: {"independence": INDEPENDENT},
    Limit.SETTING: {"setting": NHS_ENGLAND},
    Limit.READING: {"reading": WHOLE},
    Limit.ONE_STUDY: {},
}


@dataclass(frozen=True)
class Lifting:
    """Some limits, lifted together from every finding: each as it would then be weighed."""

    limits: tuple[Limit, ...]
    freed: list[Weighed]


def limits_of(strength: Strength) -> tuple[Held, ...]:
    """Return the fewest limits whose lifting would raise the level; none at the top."""
    findings = tuple(one.finding for one in strength.weighed)
    if not findings:
        return (Held(Limit.NO_FINDING),)
    if strength.level == TOP:
        return ()
    suppliers = all(is_the_suppliers(finding, strength.rule) for finding in findings)
    alone = (Held(Limit.SUPPLIER_ALONE, findings),) if suppliers else ()
    return (*alone, *_held(_fewest(strength), strength))


def _fewest(strength: Strength) -> list[Lifting]:
    """Return all ways to lift as few limits as will do."""
    for how_many in range(1, len(BEST) + 1):
        liftings = [_lift(limits, strength) for limits in combinations(BEST, how_many)]
        raising = [lifting for lifting in liftings if _level(lifting.freed, lifting, strength) > strength.level]
        if raising:
            return raising
    return []


def _lift(limits: tuple[Limit, ...], strength: Strength) -> Lifting:
    best = {field: value for limit in limits for field, value in BEST[limit].items()}
    return Lifting(limits, [weigh(replace(one.finding, **best), strength.rule) for one in strength.weighed])


def _level(weighed: Iterable[Weighed], lifting: Lifting, strength: Strength) -> int:
    copies = 2 if Limit.ONE_STUDY in lifting.limits else 1
    return level_of(list(weighed) * copies, strength.rule)


def _held(liftings: list[Lifting], strength: Strength) -> Iterator[Held]:
    """Yield each limit with the findings that would raise the level if they were freed of it.

    Where another method is needed too, a limit is of no finding in particular: no one of them would do.
    """
    for limit in BEST:
        with_it = [lifting for lifting in liftings if limit in lifting.limits]
        told = [lifting for lifting in with_it if limit == Limit.METHOD or Limit.METHOD not in lifting.limits]
        freed = (one.finding for place, one in enumerate(strength.weighed) if _any_raises(told, place, strength))
        if with_it:
            yield Held(limit, () if limit == Limit.ONE_STUDY else tuple(freed))


def _any_raises(liftings: list[Lifting], place: int, strength: Strength) -> bool:
    """Say whether one of these, lifted from the finding in this place alone, would raise the level."""
    others = strength.others_that_count(place)
    return any(_level([*others, lifting.freed[place]], lifting, strength) > strength.level for lifting in liftings)

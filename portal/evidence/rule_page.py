"""A version of the strength rule as its public page shows it: worked out from the rule, never written beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.evidence.calculations import SECOND_HAND, TOP, Level, Rule
from portal.evidence.models import Evidence


@dataclass(frozen=True)
class LevelRow:
    number: int
    level: Level
    text: str


@dataclass(frozen=True)
class MethodRow:
    """How much a method carries by who stands behind it."""

    name: str
    covers: str
    independent: int
    part_funded: int
    supplier: int


@dataclass(frozen=True)
class ToldRule:
    rule: Rule
    levels: list[LevelRow]
    methods: list[MethodRow]
    settings: list[tuple[str, int]]
    readings: list[tuple[str, int]]


def tell_rule(rule: Rule) -> ToldRule:
    return ToldRule(
        rule=rule,
        levels=[
            LevelRow(number, level, f"{number} of {TOP}: {level.word}") for number, level in enumerate(rule.levels)
        ],
        methods=[
            MethodRow(
                method.name,
                method.covers,
                method.reach["independent"],
                method.reach["part_funded"],
                method.reach["supplier"],
            )
            for method in rule.methods
        ],
        settings=_named(rule.reach_of_setting, {**dict(Evidence.Setting.choices), "": "Not stated"}),
        readings=_named(
            rule.reach_of_reading,
            {**dict(Evidence.ReadExtent.choices), SECOND_HAND: "Known through another source", "": "Not stated"},
        ),
    )


def _named(reaches: Mapping[str, int], names: Mapping[str, str]) -> list[tuple[str, int]]:
    return [(str(names[value]), reach) for value, reach in reaches.items()]

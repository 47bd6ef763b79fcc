"""What the rule of evidence strength takes and gives: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import takewhile

NOT_STATED = ""
SUPPLIER, PART_FUNDED, INDEPENDENT = "supplier", "part_funded", "independent"
NHS_ENGLAND = "nhs_england"
WHOLE, SECOND_HAND = "whole", "second_hand"
TOP = 5


@dataclass(frozen=True)
class Finding:
    """One piece of evidence that found something, as the rule sees it.

    Values are those of Evidence; empty text and None are "not stated". `reading` is how much of it
    was read, or "second_hand" where we only read of it in another source. `published` and `sample`
    are shown beside it and never counted.
    """

    key: str
    title: str
    type: str = NOT_STATED
    design_level: int | None = None
    independence: str = NOT_STATED
    setting: str = NOT_STATED
    reading: str = NOT_STATED
    published: str = ""
    sample: str = ""


@dataclass(frozen=True)
class Method:
    """A way of finding something out: its name, what belongs to it, and how much it carries by who stands behind it.

    `reach` has the highest level for each independence; `lacks` says what holds an entry down that has
    nothing better.
    """

    name: str
    covers: str
    lacks: str
    reach: Mapping[str, int]


@dataclass(frozen=True)
class Level:
    word: str
    takes: str


@dataclass(frozen=True)
class Rule:
    """One published version of the rule, whole, as data. Once in force it is never changed: another is added.

    A finding reaches the lowest of three ceilings: its method's for who stands behind it, its
    setting's and its reading's. An entry has the level of its best finding, but the top one only
    when findings that reach `corroborated_by` or more count at least `studies_for_the_top`.
    """

    version: int
    published: date
    summary: str
    levels: tuple[Level, ...]
    methods: tuple[Method, ...]
    method_of_type: Mapping[str, Method]
    method_of_design_level: Mapping[int, Method]
    graded_by_design_level: frozenset[str]
    suppliers_own: frozenset[str]
    reviews: frozenset[str]
    reach_of_setting: Mapping[str, int]
    reach_of_reading: Mapping[str, int]
    corroborated_by: int
    studies_for_the_top: int
    studies_in_a_review: int


class Limit(StrEnum):
    """What keeps an entry from the next level."""

    NO_FINDING = "no_finding"
    SUPPLIER_ALONE = "supplier_alone"
    METHOD = "method"
    INDEPENDENCE = "independence"
    SETTING = "setting"
    READING = "reading"
    ONE_STUDY = "one_study"


@dataclass(frozen=True)
class Held:
    """A limit, and the findings of which it is true; none where it is true of no single one."""

    limit: Limit
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Weighed:
    """A finding, how it was found out, the three ceilings it stands under, and the lowest of them."""

    finding: Finding
    method: Method
    by_method: int
    by_setting: int
    by_reading: int
    studies: int

    @property
    def reach(self) -> int:
        return min(self.by_method, self.by_setting, self.by_reading)


@dataclass(frozen=True)
class Strength:
    """How sure an entry's findings are: the level, and the findings it comes from, the strongest first."""

    rule: Rule
    level: int
    weighed: tuple[Weighed, ...]

    @property
    def word(self) -> str:
        return self.rule.levels[self.level].word

    @property
    def text(self) -> str:
        """The one way in which pages, cards and packs write a strength."""
        return f"Strength {self.level} of {TOP}: {self.word}"

    @property
    def deciding(self) -> tuple[Weighed, ...]:
        """The findings without which the level would be lower."""
        return tuple(one for one in self.weighed if self.rests_on(one))

    def rests_on(self, one: Weighed) -> bool:
        return one.reach >= min(self.level, self.rule.corroborated_by)

    def others_that_count(self, place: int) -> list[Weighed]:
        """Return what could raise the level together with a stronger finding in this place.

        Of the others those are enough that count towards the top level.
        """
        strong = takewhile(lambda one: one.reach >= self.rule.corroborated_by, self.weighed)
        return [one for at, one in enumerate(strong) if at != place]

"""What the forms of adoption pages offer, with what is asked now chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.adoption.questions import PLACE_KINDS, STAGE_NAMES, Asked
from portal.adoption.reading import GROUPS, Kind, Reading


@dataclass(frozen=True)
class Option:
    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True)
class OptionGroup:
    label: str
    options: list[Option]


@dataclass(frozen=True)
class Select:
    name: str
    label: str
    groups: list[OptionGroup]


def choose_kind(asked: Asked) -> Select:
    options = [Option("", "Every kind", asked.group is None)]
    options += [Option(group.key, group.many, group == asked.group) for group in GROUPS.values()]
    return Select("kind", "Kind of organisation", [OptionGroup("", options)])


def choose_stage(asked: Asked) -> Select:
    options = [Option("", "Every stage", not asked.stage)]
    options += [Option(value, text, value == asked.stage) for value, text in STAGE_NAMES.items()]
    return Select("stage", "Stage", [OptionGroup("", options)])


def choose_place(asked: Asked, reading: Reading, kinds: Sequence[str] = PLACE_KINDS) -> Select:
    """Offer the places of these kinds that are open on the day, and the one that is asked."""
    groups = [OptionGroup("", [Option("", "England", asked.place is None)])]
    for kind in kinds:
        rows = [row for row in reading.organisations.of_kind(kind) if reading.places.is_open(row.pk)]
        if asked.place and asked.place.kind == kind and asked.place not in rows:
            rows.append(asked.place)
        options = [Option(row.code, row.display_name, row == asked.place) for row in rows]
        groups.append(OptionGroup(str(Kind(kind).label), options))
    return Select("place", "Place", groups)

"""What the forms of adoption pages offer, with what is asked now chosen."""

from collections.abc import Sequence

from portal.adoption.questions import PLACE_KINDS, STAGE_NAMES, Asked
from portal.adoption.reading import GROUPS, Kind, Reading
from portal.core.formatting import capitalised
from portal.core.selects import Option, OptionGroup, Select, choose_one


def choose_kind(asked: Asked) -> Select:
    kinds = [(group.key, capitalised(group.many)) for group in GROUPS.values()]
    return choose_one(
        "kind", "Kind of organisation", kinds, asked.group.key if asked.group else "", or_all="Every kind"
    )


def choose_stage(asked: Asked) -> Select:
    return choose_one("stage", "Stage", STAGE_NAMES.items(), asked.stage, or_all="Every stage")


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

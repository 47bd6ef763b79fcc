"""The filters of each list, shared by its page, its files and the API."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Filter:
    """One filter of a list: its name in the address, what readers call it, and the facet behind it.

    A place that closed stands for what took it over.
    """

    name: str
    label: str
    facet: str
    is_place: bool = False


@dataclass(frozen=True)
class FilterSet:
    """What a list holds - all entries, or those with one value of a facet - and how it can be narrowed."""

    filters: tuple[Filter, ...]
    within: tuple[str, str] | None = None


THEME = Filter("theme", "Theme", "theme")
SHARED = (
    Filter("strand", "Plan strand", "strand"),
    Filter("region", "NHS region", "region", is_place=True),
    Filter("icb", "Integrated care board", "icb", is_place=True),
    Filter("setting", "Care setting", "setting"),
    Filter("staff", "Staff group", "staff"),
    Filter("challenge", "Workforce challenge", "challenge"),
    Filter("stage", "Furthest stage of adoption", "stage"),
    Filter("strength", "Strength of evidence", "strength"),
    Filter("figures", "Achieved benefit, by basis", "figures"),
    Filter("lead", "Led by", "lead"),
    Filter("year", "Year of a source", "year"),
    Filter("review", "Review", "review"),
)

CATALOGUE = FilterSet(
    (
        Filter("kind", "Innovation or case study", "kind"),
        THEME,
        *SHARED,
        Filter("innovation_kind", "Kind of innovation", "innovation_kind"),
        Filter("arrangement", "Arrangement", "arrangement"),
    )
)

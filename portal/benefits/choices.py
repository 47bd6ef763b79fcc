"""What the form of a question offers, with what is asked now chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.benefits.models import Basis, BenefitFigure, Measure
from portal.benefits.questions import EVERYWHERE, Asked
from portal.catalogue.models import Entry, Theme
from portal.core.formatting import format_financial_year
from portal.core.selects import Option, OptionGroup, Select, choose_one
from portal.organisations.models import Organisation

Kind = Organisation.Kind
GROUPS_OF_PLACES = {
    Kind.COUNTRY: "England",
    Kind.REGION: "NHS regions",
    Kind.ICB: "Integrated care boards",
    Kind.NETWORK: "Health innovation networks",
}


@dataclass(frozen=True)
class QuestionChoices:
    """A form's fields. `kept` is what the question says that no field of the form asks."""

    selects: list[Select]
    period: Select
    start: date | None
    end: date | None
    kept: list[tuple[str, str]]
    is_default: bool


def question_choices(asked: Asked, *, measure: Measure | None = None) -> QuestionChoices:
    """Return the fields of a page's form; only a measure's own page asks for a basis."""
    said = asked.parameters()
    selects = [_places(asked), _themes(asked), _kinds(asked), _achievements(asked)]
    selects += [_bases(asked)] if measure else []
    shown = {select.name for select in selects} | {"period", "from", "to"}
    has_days = "period" not in said
    return QuestionChoices(
        selects=selects,
        period=_periods(asked, measure),
        start=asked.start if has_days else None,
        end=asked.end if has_days else None,
        kept=[(name, value) for name, value in said.items() if name not in shown],
        is_default=not said,
    )


def _places(asked: Asked) -> Select:
    """Offer England and the regions, boards and networks open on the as-at date; a trust only when it is asked."""
    found = Organisation.objects.filter(kind__in=GROUPS_OF_PLACES)
    offered = [row for row in found if _is_offered(row, asked)]
    by_kind = {kind: [row for row in offered if row.kind == kind] for kind in GROUPS_OF_PLACES}
    groups = [_group(label, by_kind[kind], asked) for kind, label in GROUPS_OF_PLACES.items() if by_kind[kind]]
    if asked.place not in offered:
        groups.append(_group(asked.place.get_kind_display(), [asked.place], asked))
    return Select("place", "Place", groups)


def _is_offered(place: Organisation, asked: Asked) -> bool:
    if place.kind == Kind.COUNTRY:
        return place.code == EVERYWHERE
    return asked.places.is_open(place.pk)


def _group(label: str, places: Iterable[Organisation], asked: Asked) -> OptionGroup:
    return OptionGroup(label, [Option(row.code, row.display_name, row == asked.place) for row in places])


def _periods(asked: Asked, measure: Measure | None) -> Select:
    """Offer all dates, the financial years in which figures end, and the period asked where it has a name."""
    chosen = asked.parameters().get("period", "")
    names = [format_financial_year(year) for year in _years_of_figures(measure)]
    if chosen and chosen not in names:
        names.insert(0, chosen)
    first = Option("", "The days below" if not chosen and (asked.start or asked.end) else "All dates", not chosen)
    return Select(
        "period", "Period", [OptionGroup("", [first, *(Option(name, name, name == chosen) for name in names)])]
    )


def _years_of_figures(measure: Measure | None) -> list[int]:
    """Return the first years of the financial years in which benefits end that can be added up, latest first."""
    figures = BenefitFigure.objects.public().filter(role=BenefitFigure.Role.BENEFIT)
    figures = figures.filter(measure=measure) if measure else figures.filter(measure__additive=True)
    ends = figures.exclude(period_end=None).order_by().values_list("period_end", flat=True).distinct()
    years = {end.year if end >= date(end.year, 4, 1) else end.year - 1 for end in ends if end}
    return sorted(years, reverse=True)


def _themes(asked: Asked) -> Select:
    themes = Theme.objects.values_list("slug", "name")
    return choose_one("theme", "Theme", themes, asked.theme.slug if asked.theme else "", or_all="All themes")


def _kinds(asked: Asked) -> Select:
    return choose_one("kind", "Kind of entry", Entry.Kind.choices, asked.kind, or_all="Both kinds")


def _bases(asked: Asked) -> Select:
    return choose_one("basis", "Basis", Basis.choices, asked.basis)


def _achievements(asked: Asked) -> Select:
    return choose_one("achievement", "Achieved or potential", BenefitFigure.Achievement.choices, asked.achievement)

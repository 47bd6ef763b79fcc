"""What figures add to finding entries: the measures' names, whether a benefit was observed, and how large it was."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from portal.benefits.models import Basis, BenefitFigure, Measure
from portal.catalogue.finding.documents import add_text, follow
from portal.catalogue.finding.facets import Entries, Holding, Options, Order, Pairs, add_facet, add_order, add_places
from portal.catalogue.models import Entry
from portal.core.templatetags.components import figure_text

NO_FIGURE = "none"


def help_finding() -> None:
    add_text("facts", "Figures", _measures_of, "figures__measure")
    follow(Measure, lambda measure: measure.benefitfigures.public().values_list("entry_id", flat=True))
    add_facet("figures", _bases, _basis_options)
    add_facet("measure", _measures_observed, _measure_options)
    add_places(_places)
    add_order(Order("benefit", "Largest observed benefit", _by_benefit, _benefit_told, choices="measure"))


def _measures_of(entry: Any) -> list[str]:
    return [text for figure in entry.figures.all() for text in (figure.measure.name, figure.label)]


def _figures(entries: Entries) -> Any:
    return BenefitFigure.objects.public().filter(entry__in=entries.order_by().values("pk")).order_by()


def _achieved(entries: Entries) -> Any:
    return _figures(entries).filter(role="benefit", achievement="achieved")


def _bases(entries: Entries) -> Pairs:
    rows = set(_achieved(entries).values_list("entry_id", "basis").iterator(chunk_size=5000))
    yield from rows
    with_figure = {pk for pk, _ in rows}
    yield from ((pk, NO_FIGURE) for pk in entries.order_by().values_list("pk", flat=True) if pk not in with_figure)


def _basis_options() -> Options:
    return [
        *((str(value), str(label)) for value, label in Basis.choices),
        (NO_FIGURE, "No achieved benefit in figures"),
    ]


def _places(entries: Entries) -> Iterable[tuple[int, int]]:
    return _figures(entries).exclude(place=None).values_list("entry_id", "place_id").iterator(chunk_size=5000)


def _observed(entries: Entries) -> Any:
    """Return the figures an entry can be ordered by: observed, achieved, and not said again by a later one."""
    replaced = BenefitFigure.objects.exclude(supersedes=None).values("supersedes")
    return _achieved(entries).filter(basis="observed").exclude(public_id__in=replaced)


def _measures_observed(entries: Entries) -> Pairs:
    return set(_observed(entries).values_list("entry_id", "measure__key").iterator(chunk_size=5000))


def _measure_options() -> Options:
    return list(Measure.objects.public().values_list("key", "name"))


def _by_benefit(entries: Entries, choice: str, holding: Holding) -> Iterable[tuple[int, Decimal]]:
    """Order by the largest value of a measure; what is per person or per year says nothing of size."""
    largest: dict[int, Decimal] = {}
    for pk, value in _of_measure(entries, choice).values_list("entry_id", "value").iterator(chunk_size=5000):
        largest[pk] = max(value, largest.get(pk, value))
    return ((pk, -value) for pk, value in largest.items())


def _of_measure(entries: Entries, key: str) -> Any:
    return _observed(entries).filter(measure__key=key, per="")


def _benefit_told(ids: list[int], choice: str) -> dict[int, str]:
    told: dict[int, Any] = {}
    for figure in _of_measure(Entry.objects.filter(pk__in=ids), choice).select_related("measure"):
        told[figure.entry_id] = max(figure, told.get(figure.entry_id, figure), key=lambda one: one.value)
    return {pk: f"{figure.measure.name}, observed: {figure_text(figure)}" for pk, figure in told.items()}

"""Sites that counted what an entry brought and for how many people."""

from typing import Any

from innovations.models import Innovation
from portal.benefits.models import BenefitFigure, Measure
from portal.catalogue.models import Entry
from tests.factories import InnovationFactory, MeasureFactory, TrustFactory, add_figure, publish


def hours_released() -> Measure:
    found: Measure = Measure.objects.filter(key="hours-released").first() or MeasureFactory(
        key="hours-released", name="Staff hours released"
    )
    return found


def observed_at(entry: Entry, site: str, value: int, people: int | None, **fields: Any) -> BenefitFigure:
    """Add what one trust observed: hours released among its ward patients in 2023/24, unless told otherwise."""
    given = {"measure": hours_released(), "population": "Ward patients", "population_size": people, **fields}
    if "place" not in given:
        given["place"] = TrustFactory(name=site)
    return add_figure(entry, value=value, **given)


def entry_of_two_sites(**fields: Any) -> Innovation:
    """A published innovation: 10 hours for each ward patient at Northtown, 25 at Southtown."""
    entry: Innovation = InnovationFactory(**{"title": "Ward rounds by video", **fields})
    observed_at(entry, "Northtown NHS Trust", 1000, 100, key="north")
    observed_at(entry, "Southtown NHS Trust", 5000, 200, key="south", qualifier="more_than")
    publish(entry)
    return entry

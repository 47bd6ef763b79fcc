"""What innovations say in a comparison."""

from collections.abc import Callable
from typing import Any

from innovations.models import Innovation
from portal.catalogue.compare import add_fact


def help_comparing() -> None:
    add_fact("Cost", _of_innovation(_cost))
    add_fact("Ease of adoption", _of_innovation(lambda one: one.get_ease_of_adoption_display()))
    add_fact("NICE", _of_innovation(_nice))
    add_fact("Supplier or lead", _of_innovation(lambda one: one.supplier_or_lead))


def _of_innovation(tell: Callable[[Any], str]) -> Callable[[Any], str | None]:
    return lambda entry: tell(entry) if isinstance(entry, Innovation) else None


def _cost(innovation: Innovation) -> str:
    band = innovation.get_cost_band_display()
    return ". ".join(text for text in (band, innovation.cost_drivers) if text)


def _nice(innovation: Innovation) -> str:
    status, reference = innovation.get_nice_status_display(), innovation.nice_reference
    return f"{status} ({reference})" if status and reference else status

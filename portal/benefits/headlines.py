"""Every measure's total for one question, each basis apart: what panels, packs and the feed show."""

from typing import Any

from portal.benefits.ledgers import Total, read_figures
from portal.benefits.models import Measure
from portal.benefits.questions import EVERYWHERE, Asked, ask
from portal.organisations.models import Organisation


def ask_about_england(**values: Any) -> Asked | None:
    """Return a question about England; None while the portal doesn't know England."""
    england = Organisation.objects.filter(code=EVERYWHERE).first()
    return ask(place=england, **values) if england else None


def headline_totals(asked: Asked) -> list[Total]:
    """Return the totals in which something counts. Figures outside the place aren't read: they change none."""
    return [total for total in totals_on_each_basis(asked, only_inside=True) if total.ledger.counted]


def totals_on_each_basis(asked: Asked, *, only_inside: bool = False) -> list[Total]:
    """Work out every measure that adds up on each basis, in order, from one reading of the figures."""
    reading = read_figures(Measure.objects.public(), asked, only_inside=only_inside)
    return [total for totals in reading.totals_by_basis(asked) for total in totals]

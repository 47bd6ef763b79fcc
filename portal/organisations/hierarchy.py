"""The place hierarchy as the database has it."""

from datetime import date
from functools import lru_cache

from portal.organisations.models import Membership, Organisation, Succession
from portal.organisations.places import Area, LiesIn, Places, Succeeded


@lru_cache(maxsize=8)
def places_as_at(day: date, version: str) -> Places:
    """Return which places lay in which on `day`: three queries, or none while `version` is the same.

    `version` is any text that changes when organisations do.
    """
    areas = Organisation.objects.order_by().values_list("pk", "kind", "opened_on", "closed_on")
    memberships = Membership.objects.order_by().values_list("organisation", "within", "start", "end")
    successions = Succession.objects.order_by().values_list("predecessor", "successor", "on")
    return Places(
        [Area(*row) for row in areas],
        [LiesIn(*row) for row in memberships],
        [Succeeded(*row) for row in successions],
        as_at=day,
    )

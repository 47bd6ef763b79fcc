"""Where a person says they work, told to the pages that ask for an organisation."""

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from portal.accounts.models import User
from portal.core.mine import Mine, remember
from portal.organisations.models import Organisation

PLACES = (Organisation.Kind.ICB, Organisation.Kind.REGION, Organisation.Kind.NETWORK)


def set_organisation(person: User, organisation: Organisation | None, session: SessionBase) -> None:
    User.objects.filter(pk=person.pk).update(organisation=organisation)
    person.organisation = organisation
    remember_organisation(person, session)


def remember_organisation(person: User, session: SessionBase) -> None:
    """Let this session's pages know the organisation, and the place that its coverage is told of."""
    organisation = person.organisation
    if organisation is None:
        remember(session, None)
        return
    place = _place_of(organisation)
    own: tuple[str, str] = (place.code, place.display_name) if place else ("", "")
    remember(session, Mine(organisation.code, organisation.display_name, *own))


def _place_of(organisation: Organisation) -> Any:
    """Return the organisation itself, the board it lies in today, or its region."""
    if organisation.kind in PLACES:
        return organisation
    today = timezone.localdate()
    lies_in = organisation.memberships.select_related("within").exclude(end__lt=today).exclude(start__gt=today)
    boards = [row.within for row in lies_in if row.within.kind == Organisation.Kind.ICB]
    return boards[0] if boards else organisation.region

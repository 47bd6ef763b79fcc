"""Roles: given, changed, taken away, each with its row in the trail. It holds from the next request on."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from portal.accounts.models import AccountEvent, NetworkRole, User
from portal.accounts.permissions import roles_given_by
from portal.accounts.trail import record
from portal.organisations.models import Organisation


class RoleRefused(Exception):
    """A role can't be given or taken away; the text says why, fit to show."""


def told_role(role: str, network: Organisation | None) -> str:
    """Return a role in words: "Editor, Wessex"."""
    return f"{NetworkRole.Role(role).label}, {network.display_name if network else 'all networks'}"


def set_role(*, person: User, network: Organisation | None, role: str, by: Any, request: HttpRequest | None) -> None:
    """Give a person a role in a network, in place of one they have there. Whether `by` may is the caller's question."""
    with transaction.atomic():
        NetworkRole.objects.update_or_create(user=person, network=network, defaults={"role": role})
        record(AccountEvent.Kind.ROLE, person=person, by=by, request=request, note=told_role(role, network))


def change_role(*, row: NetworkRole, role: str, by: User, request: HttpRequest | None) -> None:
    with transaction.atomic():
        _check_may_touch(row, by)
        if role not in roles_given_by(by, row.network_id):
            raise RoleRefused("You can’t give this role.")
        set_role(person=row.user, network=row.network, role=role, by=by, request=request)


def take_role_away(*, row: NetworkRole, by: User, request: HttpRequest | None) -> None:
    with transaction.atomic():
        _check_may_touch(row, by)
        row.delete()
        note = f"taken away: {told_role(row.role, row.network)}"
        record(AccountEvent.Kind.ROLE, person=row.user, by=by, request=request, note=note)


def _check_may_touch(row: NetworkRole, by: User) -> None:
    if row.user_id == by.pk:
        raise RoleRefused("Nobody changes their own role. Ask somebody who may.")
    if row.role not in roles_given_by(by, row.network_id):
        raise RoleRefused("This person’s role is not yours to change.")
    if is_last_administrator(row.user):
        raise RoleRefused("This is the only administrator. Invite another, who accepts, first.")


def is_last_administrator(person: User) -> bool:
    """Say whether nobody but this person could administer, in the caller's transaction.

    The rows are locked first and read after, so that of two who ask at once the second sees what the first did.
    """
    administrators = NetworkRole.objects.filter(role=NetworkRole.Role.ADMINISTRATOR)
    list(administrators.select_for_update().values_list("pk"))
    return set(administrators.filter(user__is_active=True).values_list("user", flat=True)) == {person.pk}

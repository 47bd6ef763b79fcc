"""What the portal holds of a person: taken along as a file, or erased. Each room says its own part.

What a network did with an entry stays in the public trail, which names no person; the editors' own
trail then says "a former editor".
"""

from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from portal.accounts.models import AccountEvent, Invitation, User, WaitingMail
from portal.accounts.roles import is_last_administrator
from portal.accounts.trail import events_of, record
from portal.core.personal import holdings


class NotErased(Exception):
    """An account can't be erased as things are; the text says why, fit to show."""


def everything_of(person: User) -> dict[str, Any]:
    """Return all that is held of a person, as plain values; passwords, secrets and keys are not told."""
    return {"account": _account(person)} | {one.name: one.tell(person) for one in holdings()}


def _account(person: User) -> dict[str, Any]:
    factors = person.authenticator_set.order_by("pk")  # type: ignore[attr-defined]
    return {
        "user_name": person.username,
        "name": person.get_full_name(),
        "organisation": person.organisation.name if person.organisation else None,
        "made_at": person.date_joined,
        "last_signed_in_at": person.last_login,
        "wants_weekly_email_of_editors": person.wants_digest,
        "wants_email_about_packs": person.wants_pack_mail,
        "email_addresses": list(person.emailaddress_set.values("email", "verified", "primary")),  # type: ignore[attr-defined]
        "roles": [
            {"role": role.role, "network": role.network.name if role.network else "all networks"}
            for role in person.network_roles.select_related("network")
        ],
        "second_factors": [
            {"kind": factor.get_type_display(), "made_at": factor.created_at, "last_used_at": factor.last_used_at}
            for factor in factors
        ],
        "sign_ins_of_providers": list(person.socialaccount_set.values("provider", "uid", "date_joined")),  # type: ignore[attr-defined]
        "sessions": list(person.usersession_set.values("ip", "user_agent", "created_at")),  # type: ignore[attr-defined]
        "searches": list(person.saved_searches.values("name", "path", "query_string", "digest", "created_at")),
        "invitations_made": list(person.invitations_made.values("email", "role", "made_at", "accepted_at")),
        "invitations_accepted": list(person.invitations_accepted.values("email", "role", "accepted_at")),
        "keys_to_the_api": list(person.keys_made.values("name", "prefix", "scopes", "made_at", "expires_at")),
        "events": list(events_of(person).values("at", "kind", "note", "address")),
    }


def erase(*, person: User, request: HttpRequest | None) -> None:
    """Erase an account, at once and for good. The trail of accounts keeps its number, which then names nobody."""
    with transaction.atomic():
        if is_last_administrator(person):
            raise NotErased(
                "You are the only administrator. Invite another, who accepts, before you erase your account."
            )
        for one in holdings():
            one.erase(person)
        addresses = list(person.emailaddress_set.values_list("email", flat=True))  # type: ignore[attr-defined]
        WaitingMail.objects.filter(to__in=[*addresses, person.email]).delete()
        Invitation.objects.filter(email__in=addresses).update(email="erased@invalid.example")
        _end_sessions(person)
        record(AccountEvent.Kind.ERASED, person=person, request=request)
        person.delete()


def _end_sessions(person: User) -> None:
    keys = person.usersession_set.values_list("session_key", flat=True)  # type: ignore[attr-defined]
    Session.objects.filter(session_key__in=list(keys)).delete()


def forget_old_sessions(*, now: datetime) -> int:
    """Delete sessions that have ended, and what their list said of them."""
    gone = Session.objects.filter(expire_date__lt=now).delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return gone

"""Signing a person out wherever they are signed in."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest

from portal.accounts.models import AccountEvent, User
from portal.accounts.trail import record


def end_all_sessions(person: User, *, by: Any, request: HttpRequest | None = None, note: str = "") -> None:
    """Let every session of a person end at its next request, in whatever browser it is."""
    User.objects.filter(pk=person.pk).update(times_signed_out=F("times_signed_out") + 1)
    person.refresh_from_db(fields=["times_signed_out"])
    UserSession.objects.filter(user=person).delete()
    record(AccountEvent.Kind.SESSIONS_ENDED, person=person, by=by, request=request, note=note or "all of them")


def end_other_sessions(request: HttpRequest, person: User, *, note: str) -> None:
    """End every session of whoever asks but the one they ask from."""
    end_all_sessions(person, by=person, request=request, note=note)
    update_session_auth_hash(request, person)
    UserSession.objects.create_from_request(request, user=person)

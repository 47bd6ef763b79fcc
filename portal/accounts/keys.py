"""Keys to the API: made, shown once, found again, revoked."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from rest_framework_api_key.crypto import KeyGenerator

from portal.accounts.models import AccountEvent, NetworkKey, User
from portal.accounts.permissions import reach_of
from portal.accounts.trail import record
from portal.organisations.models import Organisation

MADE_BY = KeyGenerator()
SCHEME = "Bearer"
NOTED_EVERY = timedelta(minutes=1)


class KeyRefused(Exception):
    """A request brings a key that doesn't work; the text says why, `fix` what to do."""

    def __init__(self, why: str, fix: str = "Have a new one made.") -> None:
        super().__init__(why)
        self.fix = fix


def make_key(
    *,
    network: Organisation,
    name: str,
    scopes: Collection[str],
    days: int,
    by: User,
    request: HttpRequest | None = None,
) -> tuple[NetworkKey, str]:
    """Make a key and return its row with the key itself, which nobody can read again.

    Whether a person may is the caller's question.
    """
    whole, prefix, hashed = MADE_BY.generate()
    now = timezone.now()
    row = NetworkKey.objects.create(
        network=network,
        name=name,
        scopes=[scope for scope in NetworkKey.Scope.values if scope in scopes],
        prefix=prefix,
        hashed_key=hashed,
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    record(AccountEvent.Kind.KEY_MADE, person=by, request=request, note=_told(row))
    return row, whole


def revoke_key(*, key: NetworkKey, by: User, request: HttpRequest | None = None) -> None:
    """Let a key work no longer, from the next request on; one that was revoked before stays as it is."""
    works = NetworkKey.objects.filter(pk=key.pk, revoked_at=None)
    if works.update(revoked_at=timezone.now(), revoked_by=by):
        record(AccountEvent.Kind.KEY_REVOKED, person=key.made_by_id, by=by, request=request, note=_told(key))


def _told(key: NetworkKey) -> str:
    return f"{key.prefix}, {key.network.display_name}: {', '.join(key.scopes)}"


def key_in_header(header: str) -> NetworkKey:
    """Return the key that an Authorization header brings, with its maker and network; raise KeyRefused."""
    scheme, _, whole = header.strip().partition(" ")
    if scheme.lower() != SCHEME.lower() or not whole:
        raise KeyRefused("This header holds no key.", f"Send “Authorization: {SCHEME} ” with the key behind it.")
    keys = NetworkKey.objects.select_related("made_by", "network")
    prefix = whole.partition(".")[0]
    key = keys.filter(prefix=prefix).first() if prefix.isascii() and prefix.isalnum() else None
    if key is None or not MADE_BY.verify(whole, key.hashed_key):
        raise KeyRefused("There is no such key.", "Copy it whole, or have a new one made.")
    if key.revoked_at:
        raise KeyRefused("This key was revoked.")
    if not key.works:
        raise KeyRefused("This key has expired.")
    if not any(reach_of(key.made_by).get(network) for network in (key.network_id, None)):
        raise KeyRefused("Whoever made this key no longer works for its network.")
    _note_use(key)
    return key


def _note_use(key: NetworkKey) -> None:
    """Write down that a key was used, at most once a minute: a read should cost no write."""
    before = timezone.now() - NOTED_EVERY
    if key.last_used_at is None or key.last_used_at < before:
        unused = Q(last_used_at=None) | Q(last_used_at__lt=before)
        NetworkKey.objects.filter(unused, pk=key.pk).update(last_used_at=timezone.now())


def person_behind(key: NetworkKey) -> Any:
    """Return the key's maker as they act through it: in its network alone, within its scopes."""
    key.made_by.through_key = key
    return key.made_by

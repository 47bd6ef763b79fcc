"""Texts signed with the site's secret key, so that whoever changes one without it is found out.

A signature outlives a change of SECRET_KEY for as long as the old one stands in SECRET_KEY_FALLBACKS.
"""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac


def secret_keys() -> list[str]:
    """Return the site's secret key and, after it, those it took the place of."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def signature_of(text: str | bytes, *, use: str) -> str:
    """Sign a text for one use: signed for another, it has another signature."""
    return _signed(text, use, settings.SECRET_KEY)


def every_signature_of(text: str | bytes, *, use: str) -> list[str]:
    """Return the signatures of a text that count, by the present key first."""
    return [_signed(text, use, key) for key in secret_keys()]


def is_signature(signature: str | bytes, text: str | bytes, *, use: str) -> bool:
    return any(constant_time_compare(signature, known) for known in every_signature_of(text, use=use))


def _signed(text: str | bytes, use: str, key: str) -> str:
    return salted_hmac(use, text, secret=key, algorithm="sha256").hexdigest()

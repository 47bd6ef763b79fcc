"""Text that the database keeps encrypted, so that a copy of the database doesn't tell it.

The keys are drawn from SECRET_KEY and, to read what was written before it changed, from
SECRET_KEY_FALLBACKS.
"""

from base64 import urlsafe_b64encode
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import models

from portal.core.signatures import secret_keys

FOR_WHAT = b"portal.core.sealed"
"""Keys drawn for another use are others, though SECRET_KEY is the same."""


def seal(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """Return the text, or None where none of the keys opens it."""
    try:
        return _keys().decrypt(sealed).decode()
    except InvalidToken:
        return None


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in secret_keys()])


def _key(secret: str) -> Fernet:
    drawn = HKDF(algorithm=SHA256(), length=32, salt=None, info=FOR_WHAT).derive(secret.encode())
    return Fernet(urlsafe_b64encode(drawn))


class SealedField(models.TextField):  # type: ignore[type-arg]
    """Text as the code sees it, encrypted in the database; what no key opens any more is read as empty.

    Each writing gives other letters, so nothing can be found by it.
    """

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return seal(text) if text else text

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return (unseal(value) or "") if value else value

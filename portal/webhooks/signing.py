"""Signatures as Standard Webhooks has them, so that receivers can use its libraries."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable

PREFIX = "whsec_"


def sign(*, message_id: str, timestamp: int, body: str, secrets: Iterable[str]) -> dict[str, str]:
    """Return the three headers; with several secrets, several signatures, of which one must fit."""
    signed = f"{message_id}.{timestamp}.{body}".encode()
    signatures = [hmac.digest(b64decode(secret.removeprefix(PREFIX)), signed, "sha256") for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{b64encode(signature).decode()}" for signature in signatures),
    }

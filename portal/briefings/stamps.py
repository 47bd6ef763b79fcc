"""What tells one issue from another: the hash of its content. No models, so that the renderer has it too."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

OF_THE_ISSUE = ("number", "issue", "address", "short_address")
"""What is handed to the renderer beside the frozen content, and is no part of it."""


def content_hash(data: Mapping[str, Any]) -> str:
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def stamp(data: Mapping[str, Any]) -> str:
    """Return the first letters of the content's hash, as every page of every format shows them."""
    return content_hash({name: value for name, value in data.items() if name not in OF_THE_ISSUE})[:8]

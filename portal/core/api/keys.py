"""What a key is asked for. Who has one is found out before, by a floor above."""

from typing import Any

from rest_framework.request import Request

from portal.core.api.problems import NoKey, NotAllowed, Problem

READ = "read"


def usable_key(request: Request, scope: str, *, otherwise: str = READ) -> Any:
    """Return the key that a request brings, or None; raise where it, or a scope of it, is missing.

    `scope` is empty for what anybody may do: then no key need be there, but one that is must be for `otherwise`.
    """
    key = getattr(request._request, "api_key", None)
    if key is None and scope:
        fix = "A network’s people make keys on the editing site. Send one as “Authorization: Bearer ” with the key."
        raise NoKey([Problem("Authorization", "This needs a key.", fix)])
    wanted = scope or otherwise
    if key is not None and wanted not in key.scopes:
        fix = f"Have a key made that is for “{wanted}”."
        raise NotAllowed([Problem("Authorization", f"This key is not for “{wanted}”.", fix)])
    return key

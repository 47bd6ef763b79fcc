"""What there is in the API, as its own views say: for the page that explains it."""

from functools import cache
from inspect import getdoc
from typing import Any, NamedTuple

from drf_spectacular.generators import EndpointEnumerator

from portal.core.api.description import ROOT, only_ours
from portal.core.api.views import Answering


class Address(NamedTuple):
    """One address: what can be done there, by a key of which scope (empty: by anybody), and what its view says."""

    path: str
    methods: str
    scope: str
    text: str


@cache
def addresses() -> list[Address]:
    """Return every address of the API, as `openapi.yaml` writes them, in its order."""
    found: dict[tuple[str, str], list[str]] = {}
    texts: dict[str, str] = {}
    for path, _, method, callback in only_ours(EndpointEnumerator().get_api_endpoints()):
        view: Any = callback.cls
        if issubclass(view, Answering) and view.schema is not None:
            operation = view.operations.get(method)
            found.setdefault((path, operation.scope if operation else ""), []).append(method)
            texts[path] = getdoc(view) or ""
    return [
        Address(path.removeprefix(ROOT), ", ".join(methods), scope, texts[path])
        for (path, scope), methods in found.items()
    ]

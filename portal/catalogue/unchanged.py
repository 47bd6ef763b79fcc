"""Pages asked for again: "304, nothing has changed" before anything of them is made."""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import condition

from portal.catalogue.models import CatalogueVersion

View = Callable[..., HttpResponseBase]
CODE = ("portal", "innovations", "casestudies", "templates")
SHOWN_BY = frozenset({".py", ".html", ".css", ".js"})


def unless_unchanged(view: View) -> View:
    """Give a public page an ETag that changes exactly when what it shows may, and answer 304 by it.

    It shows the catalogue of one version on one day, as this release writes it, and the visitor's
    own basket. A page with a message for the visitor has no ETag.
    """
    conditional = condition(etag_func=_etag_of)(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = conditional(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ["Cookie"])
        return response

    return answer


def _etag_of(request: HttpRequest, *args: Any, **kwargs: Any) -> str | None:
    if "messages" in request.COOKIES:
        return None
    own = ""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        kept = dict(request.session.items())
        if "_messages" in kept:
            return None
        own = repr(sorted(kept.items()))
    shown = (CatalogueVersion.mark_now(), timezone.localdate(), release(), request.get_full_path(), own)
    return f'"{hashlib.sha256(repr(shown).encode()).hexdigest()[:32]}"'


@cache
def release() -> str:
    """Return what changes with the code, the templates and the style sheets; read once a process."""
    root, digest = Path(settings.BASE_DIR), hashlib.sha256()
    for folder in CODE:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SHOWN_BY:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

"""Public pages asked for again: "304, unchanged", or the answer another visitor got, before anything is made.

What a public page shows is settled by the catalogue's version, the day, this release and the
address, and by what the visitor's own session holds. The first four make it the same for all who
have no session, so that one answer serves them; all five make its ETag.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Any

from cachetools import LRUCache
from django.conf import settings
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from portal.catalogue.models import CatalogueVersion
from portal.core.sessions import brings_session

SPACE = 64_000_000
LARGEST = SPACE // 32
CODE = ("portal", "innovations", "casestudies", "templates")
SHOWN_BY = frozenset({".py", ".html", ".css", ".js"})

Address = tuple[bool, str, str]


@dataclass(frozen=True)
class Kept:
    """An answer as it was sent, and what of the catalogue it shows."""

    shows: str
    headers: dict[str, str]
    body: bytes

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        whole = HttpResponse(self.body, headers=self.headers)
        answer = get_conditional_response(request, etag=self.headers["ETag"], response=whole) or whole
        # What a browser kept takes over the headers of the "unchanged" that it gets.
        answer["Content-Security-Policy"] = self.headers["Content-Security-Policy"]
        return answer


class SharedAnswers:
    """Middleware: stands behind the static files and before all that is done for one visitor.

    Each web process keeps answers of its own, 64 MB of them, and drops what is asked for least.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.DEBUG:
            raise MiddlewareNotUsed("Who writes a template wants to see it.")
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = _shared_address(request)
        kept = _look_up(address) if address else None
        if kept and kept.shows == what_is_shown(request):
            return kept.answer(request)
        response = self._get_response(request)
        etag = getattr(request, "etag", "")
        if etag and response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            response["ETag"] = etag
            patch_cache_control(response, private=True, no_cache=True)
            patch_vary_headers(response, ["Cookie"])
            if address and request.method == "GET" and not hasattr(response, "is_not_shared"):
                _keep(address, what_is_shown(request), response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Answer "unchanged" where that is so; sessions can be read here, and nothing is made yet."""
        if not getattr(view, "is_public_page", False) or request.method not in ("GET", "HEAD"):
            return None
        shown, own = what_is_shown(request), _own(request)
        if own is None:
            return None
        shown = repr((shown, request.get_full_path(), own))
        etag = f'"{hashlib.sha256(shown.encode()).hexdigest()[:32]}"'
        request.etag = etag  # type: ignore[attr-defined]
        unchanged: HttpResponseBase | None = get_conditional_response(request, etag=etag)
        return unchanged


_answers: LRUCache[Address, Kept] = LRUCache(maxsize=SPACE, getsizeof=lambda kept: len(kept.body))
_one_at_a_time = Lock()


def _look_up(address: Address) -> Kept | None:
    with _one_at_a_time:
        return _answers.get(address)


def _keep(address: Address, shows: str, response: HttpResponseBase) -> None:
    if (
        not isinstance(response, HttpResponse)
        or response.status_code != HTTPStatus.OK
        or response.cookies
        or len(response.content) > LARGEST
    ):
        return
    with _one_at_a_time:
        _answers[address] = Kept(shows, dict(response.items()), response.content)


def forget_answers() -> None:
    """Begin anew, as a process that has just started."""
    with _one_at_a_time:
        _answers.clear()


def _shared_address(request: HttpRequest) -> Address | None:
    """Return what an answer is kept under; None for a visitor who may be shown something of their own."""
    if brings_session(request) or request.method not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in request.META:
        return None
    try:
        return request.is_secure(), request.get_host(), request.get_full_path()
    except DisallowedHost:
        return None


def _own(request: HttpRequest) -> str | None:
    """Return what the visitor's session adds to a page; None when a message waits, which is shown once."""
    if not brings_session(request):
        return ""
    kept = dict(request.session.items())
    return None if "_messages" in kept else repr(sorted(kept.items()))


def what_is_shown(request: HttpRequest) -> str:
    """Return what changes whenever a public page may read differently: version, day and release.

    As it was when the request first asked: what is made after that is never older.
    """
    if not hasattr(request, "what_is_shown"):
        shown = f"{mark_shown(request)} {timezone.localdate()} {release()}"
        request.what_is_shown = shown  # type: ignore[attr-defined]
    return str(request.what_is_shown)  # type: ignore[attr-defined]


def mark_shown(request: HttpRequest) -> str:
    """Return the catalogue's mark as it was when the request first asked, by one query."""
    if not hasattr(request, "mark_shown"):
        request.mark_shown = CatalogueVersion.mark_now()  # type: ignore[attr-defined]
    return str(request.mark_shown)  # type: ignore[attr-defined]


@cache
def release() -> str:
    """Return what changes with the code, the templates, the style sheets and the site's name and address.

    Read once a process.
    """
    root, digest = Path(settings.BASE_DIR), hashlib.sha256(repr((settings.SITE_NAME, settings.SITE_URL)).encode())
    for folder in CODE:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SHOWN_BY:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

"""What every answer says to browsers, whoever made it: a view, a middleware that stopped the request, a static file."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class HeadersOfEveryAnswer:
    """Middleware: the outermost, so that no answer goes round it. What an answer says itself it keeps.

    Pages have had their own policy by then. A policy set here is that of a file or of a refusal: it
    loads and runs nothing. The answer "304, unchanged" has no policy but the one that the answer
    it stands for had: a browser would put the new one in its place. A file that is handed out to be
    kept can run nothing, even where a browser shows it after all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self._get_response(request)
        if answer.get("Content-Disposition", "").startswith("attachment"):
            answer["Content-Security-Policy"] = settings.POLICY_OF_DOWNLOADS
        for name, value in settings.HEADERS_OF_EVERY_ANSWER.items():
            answer.headers.setdefault(name, value)
        return answer

"""Who calls the API, and how often: keys are looked at and requests counted before anything is answered."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from portal.accounts.keys import KeyRefused, key_in_header
from portal.core.api.problems import Problem, problem_answer
from portal.core.client_address import client_address
from portal.core.limits import Usage, counted
from portal.core.security_log import OF_THE_API, note_refusal

ROOT = "/api/v1/"


class ApiCallers:
    """Middleware: stands before the answers that visitors share, so that these count too.

    A request with a key that works counts for the key, any other for its address: whoever guesses
    keys uses up their own address's limit. Where the counters are away, nobody is refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(ROOT):
            return self._get_response(request)
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return _not_encrypted()
        key, refusal = _key_of(request)
        request.api_key = key  # type: ignore[attr-defined]
        usage = _count(request, f"key {key.pk}" if key else f"address {client_address(request)}", bool(key))
        if usage and usage["should_limit"]:
            answer: HttpResponseBase = _too_many(usage)
        elif refusal:
            answer = problem_answer(HTTPStatus.UNAUTHORIZED, "This key doesn't work", [refusal])
            answer["WWW-Authenticate"] = "Bearer"
        else:
            answer = self._get_response(request)
        if event := OF_THE_API.get(answer.status_code):
            note_refusal(event, request, account=key.made_by_id if key else None, key=key.pk if key else None)
        return _with_limits(answer, usage)


def _key_of(request: HttpRequest) -> tuple[Any, Problem | None]:
    header = request.headers.get("Authorization")
    if header is None:
        return None, None
    try:
        return key_in_header(header), None
    except KeyRefused as error:
        return None, Problem("Authorization", str(error), error.fix)


def _count(request: HttpRequest, caller: str, has_key: bool) -> Usage | None:
    """Count one request; None where it can't be counted."""
    limit = settings.API_PER_MINUTE_BY_KEY if has_key else settings.API_PER_MINUTE
    return counted(request, group="api", caller=caller, rate=(limit, 60))


def _too_many(usage: Usage) -> HttpResponseBase:
    wait = max(usage["time_left"], 1)
    fix = f"Wait {wait} seconds. Larger pages need fewer requests, and a network's key has a higher limit."
    problem = Problem("Retry-After", f"More than {usage['limit']} requests came in a minute.", fix)
    answer = problem_answer(HTTPStatus.TOO_MANY_REQUESTS, "Too many requests", [problem])
    answer["Retry-After"] = str(wait)
    return answer


def _not_encrypted() -> HttpResponseBase:
    fix = "Ask by https://. If a key was sent, have it revoked and another made."
    problem = Problem("scheme", "What comes without encryption can be read on its way.", fix)
    return problem_answer(HTTPStatus.FORBIDDEN, "Not without encryption", [problem])


def _with_limits(answer: HttpResponseBase, usage: Usage | None) -> HttpResponseBase:
    if usage:
        answer["RateLimit-Limit"] = str(usage["limit"])
        answer["RateLimit-Remaining"] = str(max(usage["limit"] - usage["count"], 0))
        answer["RateLimit-Reset"] = str(max(usage["time_left"], 0))
    return answer

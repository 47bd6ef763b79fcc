"""Answers that say what is wrong with a question, field by field, with what would do (RFC 9457)."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from rest_framework import serializers
from rest_framework.exceptions import APIException, MethodNotAllowed
from rest_framework.response import Response
from rest_framework.views import exception_handler

PROBLEM = "application/problem+json"
SHOWN = 40


class Problem(NamedTuple):
    """One thing wrong with a question: which field, what, and what would do."""

    field: str
    problem: str
    fix: str


class NotAnswered(APIException):
    """The question can't be answered; `problems` says why."""

    status_code = 400
    title = "The question can't be answered"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{item.field}: {item.problem}" for item in problems))
        self.problems = problems


class NotThere(NotAnswered):
    """There is nothing at the address that whoever asks may see."""

    status_code = 404
    title = "There is nothing here"


class NoKey(NotAnswered):
    """What is asked needs a key, or a better one."""

    status_code = 401
    title = "A key is needed"


class NotAllowed(NotAnswered):
    """The key, or whoever made it, may not do this."""

    status_code = 403
    title = "This key may not do that"


class NotPossible(NotAnswered):
    """The address is there, and something else can be done at it."""

    status_code = 405
    title = "That can't be done here"

    def __init__(self, method: str, possible: Sequence[str]) -> None:
        super().__init__([Problem("method", f"{method} can't be done here.", f"Use {' or '.join(possible)}.")])


class NotNow(NotAnswered):
    """What is asked does not fit how things stand."""

    status_code = 409
    title = "That can't be done now"


class Gone(NotAnswered):
    """There was something, and it is over."""

    status_code = 410
    title = "That is no longer kept"


class MovedOn(NotAnswered):
    """What a write was based on is not what there is."""

    status_code = 412
    title = "It changed since you read it"


class TooLarge(NotAnswered):
    status_code = 413
    title = "That is too large"


class NotJson(NotAnswered):
    status_code = 415
    title = "That is not JSON"


class TooMany(NotAnswered):
    """More is under way for whoever asks than may be; `wait` seconds later it may do."""

    status_code = 429
    title = "Too much at once"
    wait = 60


class NothingGiven(NotAnswered):
    """A write doesn't say what it was based on."""

    status_code = 428
    title = "Say what you have read"


class GoneAway(NotAnswered):
    """Something this needs is away for a while."""

    status_code = 503
    title = "Try again later"


class ProblemErrorSerializer(serializers.Serializer):
    field = serializers.CharField(help_text="The parameter, or the part of the address, that is wrong.")
    problem = serializers.CharField(help_text="What is wrong with it.")
    fix = serializers.CharField(help_text="What would do.")


class ProblemSerializer(serializers.Serializer):
    """A problem document (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = ProblemErrorSerializer(many=True)


def document_of(status: int, title: str, problems: Sequence[Problem], detail: str = "") -> dict[str, Any]:
    """Return a problem document as plain data."""
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or "; ".join(f"{item.field}: {item.problem}" for item in problems),
        "errors": [item._asdict() for item in problems],
    }


def problem_answer(status: int, title: str, problems: Sequence[Problem]) -> HttpResponse:
    """Return a problem document where no view of the API has been reached, or one has failed."""
    text = json.dumps(document_of(status, title, problems))
    return HttpResponse(text, status=status, content_type=PROBLEM)


def as_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an error of the API as a problem document; None leaves it to Django, which logs it."""
    if isinstance(error, Http404):
        error = NotThere([Problem("path", "There is nothing public at this address.", "Follow a list's addresses.")])
    if isinstance(error, MethodNotAllowed):
        error = NotPossible(context["request"].method, context["view"].allowed_methods)
    answer = exception_handler(error, context)
    if answer is None or not isinstance(error, APIException):
        return answer
    problems = error.problems if isinstance(error, NotAnswered) else []
    title = error.title if isinstance(error, NotAnswered) else str(error.default_detail)
    answer.data = document_of(answer.status_code, title, problems, str(error.detail))
    answer.content_type = PROBLEM
    if answer.status_code == NoKey.status_code:
        answer["WWW-Authenticate"] = "Bearer"
    return answer

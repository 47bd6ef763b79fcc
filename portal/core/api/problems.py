"""Answers that say what is wrong with a question, field by field, with what would do (RFC 9457)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import APIException
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
    """There is nothing public at the address."""

    status_code = 404
    title = "There is nothing here"


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


def as_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an error of the API as a problem document; None leaves it to Django, which logs it."""
    if isinstance(error, Http404):
        error = NotThere([Problem("path", "There is nothing public at this address.", "Follow a list's addresses.")])
    answer = exception_handler(error, context)
    if answer is None or not isinstance(error, APIException):
        return answer
    problems = error.problems if isinstance(error, NotAnswered) else []
    title = error.title if isinstance(error, NotAnswered) else str(error.default_detail)
    answer.data = {
        "type": "about:blank",
        "title": title,
        "status": answer.status_code,
        "detail": str(error.detail),
        "errors": [item._asdict() for item in problems],
    }
    answer.content_type = PROBLEM
    return answer

"""Pages of a list by cursor: no row comes twice and none is passed over while others come and go."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Q
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from portal.core.api.fields import address
from portal.core.api.filters import described
from portal.core.api.problems import SHOWN, NotAnswered, Problem

USUAL, MOST = 25, 100
CURSOR, LIMIT, FIELDS = "cursor", "limit", "fields"


class CursorPages(BasePagination):
    """Rows of a queryset in the order of the view's `ordered_by`, fields that together are unique and never null.

    A cursor holds the last row's values of these. It is signed with the question it belongs to, so
    that nobody can make one up.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self._request, self._limit = request, _read_limit(request)
        self._signer = Signer(salt=f"cursor {request.path} {_question(request)}")
        self.total = self.count(queryset)
        rows, self._next = self.page(queryset, self._read_cursor(), view)
        return rows

    def count(self, rows: Any) -> int:
        return int(rows.count())

    def page(self, rows: Any, behind: Any, view: Any) -> tuple[list[Any], Any]:
        """Return the rows behind those that a cursor stands for, and what the next one must hold."""
        names = view.ordered_by
        found = rows.filter(_behind(names, behind)) if behind else rows
        some = list(found.order_by(*names)[: self._limit + 1])
        further = len(some) > self._limit
        some = some[: self._limit]
        return some, [str(getattr(some[-1], name)) for name in names] if further else None

    @property
    def limit(self) -> int:
        return self._limit

    def _read_cursor(self) -> Any:
        said = self._request.query_params.get(CURSOR)
        if said is None:
            return None
        try:
            return self._signer.unsign_object(said)
        except (BadSignature, ValueError):
            fix = "Follow “next” of the page before, with the same filters, or begin again without a cursor."
            raise NotAnswered([Problem(CURSOR, "This is no cursor of this question.", fix)]) from None

    def get_paginated_response(self, data: Any) -> Response:
        following = None
        if self._next is not None:
            query = self._request.query_params.copy()
            query[CURSOR] = self._signer.sign_object(self._next)
            following = address(f"{self._request.path}?{query.urlencode()}")
        return Response({"total": self.total, "next": following, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["total", "next", "results"],
            "properties": {
                "total": {"type": "integer", "description": "How many there are on all pages."},
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "The address of the next page; null on the last one.",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        return [
            described(LIMIT, f"How many to a page, 1 to {MOST}.", limit),
            described(CURSOR, "Where the page begins: taken from “next” of the page before."),
        ]


def _behind(names: Sequence[str], values: Sequence[Any]) -> Q:
    ways = []
    for at, name in enumerate(names):
        equal = dict(zip(names[:at], values[:at], strict=True))
        ways.append(Q(**equal, **{f"{name}__gt": values[at]}))
    return reduce(or_, ways)


def _read_limit(request: Request) -> int:
    said = request.query_params.get(LIMIT, str(USUAL))
    if not (said.isascii() and said.isdigit() and len(said) < 5 and 1 <= int(said) <= MOST):
        problem = Problem(LIMIT, f"“{said[:SHOWN]}” is no number of rows.", f"Give a number from 1 to {MOST}.")
        raise NotAnswered([problem])
    return int(said)


def _question(request: Request) -> list[tuple[str, list[str]]]:
    said = dict(request.query_params.lists())
    return sorted((name, values) for name, values in said.items() if name not in (CURSOR, LIMIT, FIELDS))

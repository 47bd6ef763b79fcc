"""The views that the API is made of: a list, and one of its rows."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from portal.core.api.description import Described, Operation
from portal.core.api.fields import Told
from portal.core.api.filters import not_known, not_text, said_twice
from portal.core.api.keys import READ, usable_key
from portal.core.api.pages import CURSOR, FIELDS, LIMIT, CursorPages
from portal.core.api.problems import SHOWN, NotAnswered, NotThere, Problem, as_problem


class AlwaysJson(BaseContentNegotiation):
    """There is one representation of everything: what a client would rather have changes nothing."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Answering(GenericAPIView):
    """What every address of the API has: one representation, problems in one form, and keys by scope.

    `operations` says of a method what it needs a key for; one that isn't there is for anybody, and a key
    that comes all the same must be for `scope_to_read`. The settings stand here, not with the project's:
    the editing site has an API of its own.
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer,)
    parser_classes = (JSONParser,)
    content_negotiation_class = AlwaysJson
    metadata_class = None
    schema: Any = Described()
    operations: ClassVar[Mapping[str, Operation]] = {}
    scope_to_read: ClassVar[str] = READ
    key: Any = None

    def get_exception_handler(self) -> Any:
        return as_problem

    def parameters(self) -> list[str]:
        """Return the names that an address may give."""
        return []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = "GET" if request.method == "HEAD" else request.method or ""
        needs = self.operations.get(method)
        self.key = usable_key(request, needs.scope if needs else "", otherwise=self.scope_to_read)
        query = request.query_params
        problems = [*not_known(query, self.parameters()), *not_text(query), *said_twice(query, (FIELDS, LIMIT, CURSOR))]
        if problems:
            raise NotAnswered(problems)


class Reading(Answering):
    """A read by anybody: no session, no key that must be, and no parameter that isn't known."""

    http_method_names: ClassVar[list[str]] = ["get", "head"]
    serializer_class: type[Told]
    wanted: Collection[str] = ()

    def more_parameters(self) -> list[OpenApiParameter]:
        """Describe what an address may ask beside fields, filters and a page."""
        return []

    def parameters(self) -> list[str]:
        return [FIELDS, *(one.name for one in self.more_parameters())]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.wanted = self._read_fields(request.query_params.get(FIELDS))

    def _read_fields(self, said: str | None) -> Collection[str]:
        """Return the fields asked for, with those they never go without; nothing means all."""
        if said is None:
            return ()
        row = self.serializer_class
        known, asked = list(row().fields), [name.strip() for name in said.split(",")]
        problems = [
            Problem(FIELDS, f"There is no field “{name[:SHOWN]}”.", f"Give some of {', '.join(known)}, with commas.")
            for name in dict.fromkeys(asked)
            if name not in known
        ]
        if problems:
            raise NotAnswered(problems[:10])
        return {*asked, *row.never_without}

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        serializer = super().get_serializer(*args, **kwargs)
        row = getattr(serializer, "child", serializer)
        if self.wanted:
            for name in set(row.fields) - set(self.wanted):
                row.fields.pop(name)
        return serializer


class ReadList(Reading, ListAPIView):
    """A list in pages. `ordered_by` is what its cursor goes by, `filter_backends` what narrows it."""

    pagination_class = CursorPages
    ordered_by: ClassVar[tuple[str, ...]] = ("pk",)

    def parameters(self) -> list[str]:
        backends = [name for backend in self.filter_backends for name in backend().names(self)]
        return [*super().parameters(), LIMIT, CURSOR, *backends]


class ReadOne(Reading, RetrieveAPIView):
    """One row of a list; `noun` and `found_at` are for who asks for another."""

    noun: ClassVar[str]
    found_at: ClassVar[str]

    def get_object(self) -> Any:
        name = self.lookup_url_kwarg or self.lookup_field
        said = self.kwargs[name]
        row = self.get_queryset().filter(**{self.lookup_field: said}).first()
        if row is None:
            raise self.not_there(name, said)
        return row

    def not_there(self, name: str, said: str) -> NotThere:
        return NotThere(
            [Problem(name, f"There is no {self.noun} “{said[:SHOWN]}”.", f"Take one from {self.found_at}.")]
        )

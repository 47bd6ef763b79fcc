"""Reading a list's filters from an address, strictly: what can't be understood is a problem, never left out."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import QueryDict
from django_filters import ChoiceFilter, ModelChoiceFilter, MultipleChoiceFilter
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from portal.core.api.problems import SHOWN, NotAnswered, Problem

NO_CHOICE = "“%(value)s” can’t be chosen."


def named(rows: Any, field: str, what: str) -> ModelChoiceFilter:
    """Return a filter by another row, named by one of its fields; a name that there isn't is a problem."""
    return ModelChoiceFilter(
        queryset=rows,
        to_field_name=field,
        help_text=what,
        error_messages={"invalid_choice": "There is nothing public of this name."},
    )


def one_of(choices: Any) -> ChoiceFilter:
    """Return a filter by a field that holds one of these choices."""
    return ChoiceFilter(
        choices=choices.choices,
        help_text=f"Give one of {', '.join(choices.values)}.",
        error_messages={"invalid_choice": NO_CHOICE},
    )


def yes_or_no(yes: str, no: str, *, method: str, help_text: str) -> ChoiceFilter:
    """Return a filter that the FilterSet's `method` carries out."""
    choices, told = [("yes", yes), ("no", no)], {"invalid_choice": NO_CHOICE}
    return ChoiceFilter(choices=choices, method=method, help_text=help_text, error_messages=told)


def described(name: str, text: Any, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the API's description says of a parameter; without a schema it is any text."""
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": str(text),
        "schema": schema or {"type": "string"},
    }


class StrictFilters(BaseFilterBackend):
    """Narrows a list by the view's `filterset_class`; each filter's `help_text` is its description and its fix."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        filters = view.filterset_class(request.query_params, queryset)
        if problems := [*said_twice(request.query_params, self.single(view)), *self.problems(filters)]:
            raise NotAnswered(problems)
        return filters.qs

    def names(self, view: Any) -> list[str]:
        return list(view.filterset_class.base_filters)

    def single(self, view: Any) -> list[str]:
        """Return the filters that take one value."""
        return [name for name, one in view.filterset_class.base_filters.items() if not self.takes_many(one)]

    def takes_many(self, one: Any) -> bool:
        return isinstance(one, MultipleChoiceFilter)

    def problems(self, filters: Any) -> Iterator[Problem]:
        for name, told in filters.form.errors.items():
            fix = str(filters.filters[name].extra.get("help_text") or "Leave it away.")
            yield from (Problem(name, str(message), fix) for message in told)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [self._described(name, one) for name, one in view.filterset_class.base_filters.items()]

    def _described(self, name: str, one: Any) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string"}
        if "choices" in one.extra:
            schema["enum"] = [value for value, _ in one.extra["choices"]]
        if self.takes_many(one):
            schema = {"type": "array", "items": schema}
        text = str(one.extra.get("help_text") or one.label)
        return described(name, text, schema)


def said_twice(query: QueryDict, names: Iterable[str]) -> Iterator[Problem]:
    for name in names:
        if len(query.getlist(name)) > 1:
            yield Problem(name, "This is given more than once.", f"Give “{name}” once.")


def not_text(query: QueryDict) -> Iterator[Problem]:
    for name, values in query.lists():
        if any("\x00" in text for text in (name, *values)):
            yield Problem(name.replace("\x00", "")[:SHOWN], "This holds a null character.", "Leave it out.")


def not_known(query: QueryDict, names: Iterable[str]) -> Iterator[Problem]:
    known = sorted(names)
    for name in query:
        if name not in known:
            yield Problem(name[:SHOWN], "There is no such parameter here.", f"There are: {', '.join(known)}.")

"""What programs may send: strict JSON, every mistake told at once, each with its field and what would do."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from django.db.models import Model
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from rest_framework.request import Request

from portal.core.api.problems import SHOWN, NotAnswered, NotJson, Problem, TooLarge

LONGEST_TEXT = 20_000
MOST_ROWS = 200
LARGEST_BODY = 1_000_000
MOST_PROBLEMS = 100
NUMBER = r"^-?[0-9]{1,14}(\.[0-9]{1,4})?$"
KEY = r"^[-a-zA-Z0-9_]+$"


class Shape(BaseModel):
    """A part of what is sent. A name that isn't known is a problem, so that a misspelt one is never lost."""

    model_config = ConfigDict(extra="forbid", strict=True)


Sent = TypeVar("Sent", bound=Shape)


def _without_null_character(text: str) -> str:
    if "\x00" in text:
        raise ValueError("it holds a null character")
    return text


def text_of(most: int) -> Any:
    return Annotated[str, AfterValidator(_without_null_character), Field(max_length=most)]


Text = text_of(LONGEST_TEXT)
Key = Annotated[str, Field(pattern=KEY, max_length=100)]
Number = Annotated[str, Field(pattern=NUMBER, description="Exact, as text.")]
Day = date


def one_of(choices: Any) -> Any:
    return Literal[tuple(choices.values)]


def said_in(model: type[Model], name: str) -> Any:
    """Return the type of what a model's own field takes, where null stands for nothing stated."""
    field: Any = model._meta.get_field(name)
    kind = field.get_internal_type()
    if field.choices:
        kind_of_value: Any = Literal[tuple(value for value, _ in field.choices)]
    elif kind == "DateField":
        kind_of_value = Day
    elif kind.endswith("IntegerField"):
        kind_of_value = Annotated[int, Field(ge=0, le=32_767 if "Small" in kind else 2_147_483_647)]
    else:
        kind_of_value = text_of(field.max_length or LONGEST_TEXT)
    return Annotated[kind_of_value | None, Field(default=None, description=str(field.help_text) or None)]


def read_sent(request: Request, shape: type[Sent]) -> Sent:
    """Return what a request sends, or raise with everything that is wrong with it."""
    told = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if told != "application/json":
        raise NotJson([Problem("Content-Type", f"“{told[:SHOWN]}” can't be read.", "Send application/json.")])
    body = request._request.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        most = f"Send at most {LARGEST_BODY // 1000} kB."
        raise TooLarge([Problem("body", "This is more than one document can hold.", most)])
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise NotAnswered(list(_problems(error))[:MOST_PROBLEMS]) from error


FIXES = {
    "missing": "Give it.",
    "extra_forbidden": "Leave it out, or spell it as openapi.yaml does.",
    "json_invalid": "Send JSON.",
    "literal_error": "Give one of these.",
    "string_type": "Give text, in quotation marks.",
    "string_too_long": "Shorten it.",
    "string_pattern_mismatch": "Write it by this pattern.",
    "too_long": "Give fewer.",
}
"""What would do, by pydantic's own names of what can be wrong."""
WORDS = {
    "missing": "This is missing.",
    "extra_forbidden": "There is no such field.",
}


def _problems(error: ValidationError) -> Iterator[Problem]:
    for told in error.errors(include_url=False, include_input=False):
        kind = told["type"]
        text = WORDS.get(kind) or f"{told['msg'].removeprefix('Value error, ')}."
        field = ".".join(str(part) for part in told["loc"]) or "body"
        yield Problem(field[:200], text[0].upper() + text[1:], FIXES.get(kind, "Change it to what is asked for."))


def problems_of_form(errors: Mapping[str, Any], called: Mapping[str, str] | None = None) -> list[Problem]:
    """Return what a form of the screens says against what was sent; `called` is what a document calls its fields."""
    names = {"__all__": "body", **(called or {})}
    return [
        Problem(names.get(name, name), str(message), "Change it to what is asked for.")
        for name, messages in errors.items()
        for message in messages
    ]

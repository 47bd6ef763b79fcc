"""What the OpenAPI description says of every read: its sparse fields, its problems, and what is always told."""

from dataclasses import dataclass
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from portal.core.api.fields import Told
from portal.core.api.pages import FIELDS
from portal.core.api.problems import PROBLEM, ProblemSerializer

ROOT = "/api/v1/"
SLUG = "^[-a-zA-Z0-9_]+$"


def only_ours(endpoints: list[tuple[Any, ...]], **kwargs: Any) -> list[tuple[Any, ...]]:
    """Leave out what the editing site answers."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(ROOT)]


LIMITED = "More requests than a minute allows; Retry-After says when to come back."
WHY = {
    400: "What is wrong with what was asked or sent, and what would do.",
    401: "The key is missing or doesn't work.",
    403: "The key is not for this, or whoever made it may not.",
    404: "There is nothing here that whoever asks may see.",
    409: "It doesn't fit how things stand: taken, waiting to be decided about, or not complete.",
    410: "It is over, and no longer kept.",
    412: "It changed since it was read.",
    413: "It is too large.",
    415: "It is not JSON.",
    428: "If-Match is missing.",
    429: LIMITED,
    503: "What keeps it is away for a while.",
}
USUAL = (401, 403, 429)
"""What any address may answer: keys are looked at and counted everywhere."""


def problems(*statuses: int) -> dict[Any, OpenApiResponse]:
    """Return how refusals are described, beside the usual ones."""
    return {
        (status, PROBLEM): OpenApiResponse(ProblemSerializer, description=WHY[status])
        for status in sorted({*statuses, *USUAL})
    }


def header(name: str, text: str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=text, **more)


MATCH = [
    header("If-Match", "The ETag of what you have read."),
    header("If-None-Match", "“*”: only if there is nothing yet."),
]


@dataclass(frozen=True)
class Operation:
    """What one method of an address needs a key for, what is sent, what is told, and how it may be refused.

    With no `scope` it is for anybody. `told` is None where the answer is that of a list; `files` are
    media types told instead. A write that is `matched` must be based on what there is; one that
    `makes` something answers 201 when it is new.
    """

    scope: str = ""
    told: Any = None
    sent: Any = None
    files: tuple[str, ...] = ()
    makes: bool = False
    matched: bool = False
    refused: tuple[int, ...] = ()

    @property
    def good(self) -> list[int]:
        return [200, 201] if self.makes else [200]

    def parameters(self) -> list[OpenApiParameter]:
        etag = [header("ETag", "The name of this state.", response=self.good)] if self.told else []
        return [*(MATCH if self.matched else []), *etag]

    def answers(self, method: str, path: str) -> dict[Any, Any]:
        """Return what the method answers, by status; where the address names something, that may not be there."""
        refused = {
            400,
            *self.refused,
            *((404,) if "{" in path else ()),
            *((409, 412, 428) if self.matched else ()),
            *((413, 415) if self.sent else ()),
        }
        told: dict[Any, Any] = {(200, media_type): OpenApiTypes.BINARY for media_type in self.files}
        told = told or dict.fromkeys(self.good, self.told)
        unchanged = {304: UNCHANGED} if method == "GET" and self.told else {}
        return told | unchanged | problems(*refused)


UNCHANGED = OpenApiResponse(description="Unchanged since the ETag given in If-None-Match.")


class Described(AutoSchema):
    """Says of each address what its view has: the same of all reads, and of what needs a key what `operations` says."""

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix(ROOT).split("/")[0]]

    @property
    def operation(self) -> Operation | None:
        needs: Operation | None = self.view.operations.get(self.method)
        return needs

    def get_auth(self) -> list[dict[str, Any]]:
        if self.operation and self.operation.scope:
            return [{"key": [self.operation.scope]}]
        return [{}, {"key": [self.view.scope_to_read]}]

    def get_override_parameters(self) -> list[Any]:
        own = self.operation.parameters() if self.operation else []
        if self.method != "GET" or not hasattr(self.view, "more_parameters"):
            return own
        row = self.view.serializer_class
        text = "Only these fields, with commas between them."
        if always := row.never_without:
            text += f" These come all the same: {', '.join(always)}."
        names = list(row().fields)
        return [
            OpenApiParameter(FIELDS, str, description=text, many=True, enum=names, style="form", explode=False),
            *self.view.more_parameters(),
            *own,
        ]

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        """Say that the names in addresses are of letters, digits and hyphens: nothing else is found."""
        parameters: list[dict[str, Any]] = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            if parameter["schema"] == {"type": "string"}:
                parameter["schema"]["pattern"] = SLUG
        return parameters

    def get_request_serializer(self) -> Any:
        return self.operation.sent if self.operation else super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        if self.operation and (self.operation.told or self.operation.files):
            return self.operation.answers(self.method, self.path)
        told = {200: super().get_response_serializers(), 304: UNCHANGED, **problems(400)}
        return told | (problems(404) if "{" in self.path else {})

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        """Say which fields come always: who asks for some gets no others."""
        schema = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, Told):
            schema["required"] = sorted(serializer.never_without)
        return schema

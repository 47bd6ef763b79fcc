"""What the OpenAPI description says of every read: its sparse fields, its problems, and what is always told."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from portal.core.api.fields import Told
from portal.core.api.pages import FIELDS
from portal.core.api.problems import PROBLEM, ProblemSerializer

ROOT = "/api/v1/"


def only_ours(endpoints: list[tuple[Any, ...]], **kwargs: Any) -> list[tuple[Any, ...]]:
    """Leave out what the editing site answers."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(ROOT)]


class Described(AutoSchema):
    def get_tags(self) -> list[str]:
        return [self.path.removeprefix(ROOT).split("/")[0]]

    def get_auth(self) -> list[dict[str, Any]]:
        return []

    def get_override_parameters(self) -> list[Any]:
        names = list(self.view.serializer_class().fields)
        text = "Only these fields, with commas between them."
        if always := self.view.serializer_class.never_without:
            text += f" These come all the same: {', '.join(always)}."
        return [
            OpenApiParameter(FIELDS, str, description=text, many=True, enum=names, style="form", explode=False),
            *self.view.more_parameters(),
        ]

    def get_response_serializers(self) -> Any:
        problem = OpenApiResponse(ProblemSerializer, description="What is wrong with the question, and what would do.")
        unchanged = OpenApiResponse(description="Unchanged since the ETag given in If-None-Match.")
        told = {200: super().get_response_serializers(), 304: unchanged, (400, PROBLEM): problem}
        return told | ({(404, PROBLEM): problem} if "{" in self.path else {})

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        """Say which fields come always: who asks for some gets no others."""
        schema = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, Told):
            schema["required"] = sorted(serializer.never_without)
        return schema

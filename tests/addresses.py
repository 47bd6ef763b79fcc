"""Every address of the portal, taken from the resolver, so that a new one can't be forgotten."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Route(NamedTuple):
    """A route from the top, as it is written, and the view that answers it."""

    text: str
    view: Any

    def filled(self, values: Mapping[str, Any]) -> str:
        """Return the address with these values as its parameters; 1 for any other parameter."""

        def parameter(found: re.Match[str]) -> str:
            return str(values.get(found["name"], 1))

        text = re.sub(r"(?<!\(\?P)<(?:\w+:)?(?P<name>\w+)>", parameter, self.text)
        text = re.sub(r"\(\?P<(?P<name>\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)", parameter, text)
        return "/" + text.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\.", ".").replace(".*", "x")


def names_in_wagtail(entry: Any, state: Any) -> dict[str, Any]:
    """Return what the addresses of Wagtail's views call an innovation, its draft and the step that waits."""
    return {
        "object_id": entry.pk,
        "revision_id": entry.latest_revision_id,
        "revision_id_a": "live",
        "revision_id_b": "latest",
        "task_state_id": state.pk,
        "workflow_state_id": state.workflow_state_id,
        "task_id": state.task_id,
        "app_label": "innovations",
        "app_name": "innovations",
        "model_name": "innovation",
        "content_type_app_name": "innovations",
        "content_type_model_name": "innovation",
        "content_type_id": state.workflow_state.content_type_id,
        "action_name": "approve",
        "action": "delete",
        "uidb64": "MQ",
        "token": "a-b",
    }


def every_route(resolver: URLResolver | None = None, before: str = "") -> Iterator[Route]:
    for one in (resolver or get_resolver()).url_patterns:
        text = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield Route(text, one.callback)
        else:
            yield from every_route(one, text)

"""What asks whether a site is well gets its answer before anything that readers need: host names, https, sessions.

A load balancer asks an address by its number and without TLS, so these answers stand before the
middleware that would refuse or redirect it.
"""

import time
from collections.abc import Callable
from http import HTTPStatus
from threading import Lock

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse

from portal.operations.findings import Finding, look_at
from portal.operations.metrics import show_metrics
from portal.operations.parts import NEEDED, OF_DATABASE

REMEMBERED_SECONDS = 2
"""However often it is asked, a process looks so seldom: nobody can wear out the storage by asking."""


class Probes:
    """Middleware: answers /health/live, /health/ready and /metrics, and hands on all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._answers: dict[str, Callable[[HttpRequest], HttpResponse]] = {
            "/health/live": show_live,
            "/health/ready": show_ready,
            "/metrics": show_metrics,
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self._answers.get(request.path_info)
        if answer is None:
            return self._get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = answer(request)
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response


def show_live(request: HttpRequest) -> HttpResponse:
    """Say that this process answers. Whether anything else does is none of its business."""
    return JsonResponse({"status": "ok"})


def show_ready(request: HttpRequest) -> HttpResponse:
    """Say of each part whether it is well, and what to do: 200 where all are, else 503."""
    findings = _ready.findings()
    is_well = all(finding.is_well for finding in findings)
    told = {
        "status": "ok" if is_well else "failing",
        "checks": {
            finding.part: {"status": "ok" if finding.is_well else "failing", "says": finding.says, "fix": finding.fix}
            for finding in findings
        },
    }
    answer = JsonResponse(told, status=HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE)
    # Asked every few seconds, it would fill the log with a line each time.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def look_at_needed() -> list[Finding]:
    """Look at all that a site needs; where the database is away, what lives in it is not asked for."""
    first, *others = NEEDED
    findings = look_at([first])
    if findings[0].is_well:
        return findings + look_at(others)
    outside = [(part, look) for part, look in others if part not in OF_DATABASE]
    unknown = [Finding(part, False, "Can't be told without the database.") for part, _ in others if part in OF_DATABASE]
    return findings + look_at(outside) + unknown


class _Remembered:
    """The last look of this process, for two seconds; several who ask at once share one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        self._findings: list[Finding] = []
        self._until = 0.0

    def findings(self) -> list[Finding]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._findings = look_at_needed()
                self._until = time.monotonic() + REMEMBERED_SECONDS
            return self._findings


_ready = _Remembered()


def forget_findings() -> None:
    """Begin anew, as a process that has just started."""
    _ready.forget()

"""What the site does, for Prometheus: requests as each process counts them, and work as its rows tell.

prometheus_client alone: django-prometheus counts models and database calls too, and knows no rows.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from ipaddress import ip_network

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from portal.briefings.models import BriefingPack
from portal.core.client_address import client_address
from portal.core.security_log import Refusal, note_refusal
from portal.exchange.models import DataRelease, ImportBatch
from portal.operations.models import WorkerHeartbeat
from portal.operations.parts import SILENT_AFTER
from portal.operations.queues import queue_ages
from portal.webhooks.models import Attempt, Delivery

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
FILES, BEFORE_VIEWS = "static files", "answered before any view"

requests_answered = Counter("portal_http_requests", "Requests answered.", ["view", "method", "status"])
seconds_taken = Histogram("portal_http_request_seconds", "Time from request to answer.", ["view"], buckets=SECONDS)


class Measured:
    """Middleware: counts each request by view, method and status, and how long its answer took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._is_on = bool(settings.METRICS_TOKEN or settings.METRICS_ALLOW)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self._is_on:
            return self._get_response(request)
        began = time.perf_counter()
        response = self._get_response(request)
        view, method = _view_of(request), request.method if request.method in METHODS else "other"
        seconds_taken.labels(view).observe(time.perf_counter() - began)
        requests_answered.labels(view, method, str(response.status_code)).inc()
        return response


def _view_of(request: HttpRequest) -> str:
    """Return the name of the address's pattern: there are as many as patterns, not as addresses."""
    if request.resolver_match:
        return request.resolver_match.view_name or request.resolver_match.route
    return FILES if request.path_info.startswith(settings.STATIC_URL) else BEFORE_VIEWS


def show_metrics(request: HttpRequest) -> HttpResponse:
    """Hand the metrics to whoever has the token or a listed address; where neither is set, there is no such page."""
    if not (settings.METRICS_TOKEN or settings.METRICS_ALLOW):
        return HttpResponse(
            "Metrics are off. Set METRICS_TOKEN or METRICS_ALLOW.\n", status=404, content_type="text/plain"
        )
    if not (_has_token(request) or _is_listed(request)):
        note_refusal(Refusal.NOT_AN_OPERATOR, request)
        return HttpResponse(
            "Send “Authorization: Bearer” with METRICS_TOKEN, or ask from a network in METRICS_ALLOW.\n",
            status=403,
            content_type="text/plain; charset=utf-8",
        )
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return bool(settings.METRICS_TOKEN) and kind == "Bearer" and constant_time_compare(token, settings.METRICS_TOKEN)


def _is_listed(request: HttpRequest) -> bool:
    try:
        address = ip_network(client_address(request))
    except ValueError:
        return False
    listed = [ip_network(entry) for entry in settings.METRICS_ALLOW]
    return any(net.version == address.version and address.subnet_of(net) for net in listed)  # type: ignore[arg-type]


def _registry() -> CollectorRegistry:
    """Of all processes of this host where they write side by side, else of this one; and of the rows."""
    registry = CollectorRegistry()
    if settings.METRICS_FOLDER:
        MultiProcessCollector(registry, path=str(settings.METRICS_FOLDER))
    else:
        registry.register(_OfThisProcess())
    registry.register(_Rows())
    return registry


class _OfThisProcess(Collector):
    def collect(self) -> Iterable[Metric]:
        return REGISTRY.collect()


class _Rows(Collector):
    """What the rows say of work, asked when somebody looks; the same whichever host is asked."""

    def collect(self) -> Iterator[Metric]:
        answers = _gauge("portal_database_up", "1 where the database answers.")
        try:
            families = list(_work())
        except DatabaseError:
            connection.close()
            families = []
        answers.add_metric([], float(bool(families)))
        yield answers
        yield from families


def _work() -> Iterator[Metric]:
    yield _by_state("portal_packs", "Packs by state.", BriefingPack)
    ages = _gauge("portal_queue_age_seconds", "How long one has waited that is due, by kind of work.", labels=["work"])
    for kind, age in queue_ages().items():
        ages.add_metric([kind], age)
    yield ages
    yield from _workers()
    yield _by_state("portal_imports", "Imports by state.", ImportBatch)
    yield _by_state("portal_data_files", "Makings of the data files by state.", DataRelease)
    yield _by_state("portal_webhook_deliveries", "Messages to other systems by state.", Delivery)
    overdue = Delivery.objects.filter(state=Delivery.State.QUEUED, next_at__lt=Now(), webhook__is_on=True).count()
    yield _one("portal_webhook_deliveries_due", "Messages whose time to be sent has come.", overdue)
    tried = Attempt.objects.filter(at__gt=Now() - timedelta(hours=1))
    yield _one("portal_webhook_attempts_last_hour", "Messages that were tried to send in the last hour.", tried.count())


def _workers() -> Iterator[Metric]:
    ages = [row.age for row in WorkerHeartbeat.objects.newest_first()]  # type: ignore[attr-defined]
    alive = sum(age <= SILENT_AFTER for age in ages)
    yield _one("portal_workers_alive", "Workers that gave a sign of life in the last minute.", alive)
    if ages:
        newest = ages[0].total_seconds()
        yield _one("portal_worker_heartbeat_age_seconds", "Since any worker last gave a sign of life.", newest)


def _by_state(name: str, about: str, model: type) -> Metric:
    family = _gauge(name, about, labels=["state"])
    found = dict(model.objects.order_by().values_list("state").annotate(Count("pk")))  # type: ignore[attr-defined]
    for state in model.State.values:  # type: ignore[attr-defined]
        family.add_metric([state], found.get(state, 0))
    return family


def _one(name: str, about: str, value: float) -> Metric:
    family = _gauge(name, about)
    family.add_metric([], value)
    return family


def _gauge(name: str, about: str, labels: list[str] | None = None) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, labels=labels)

"""Webhooks on screen: register an address, see what was sent to it and how it answered, send again."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.auth import require_admin_access

from portal.accounts.permissions import Action, networks_where
from portal.core.paging import list_page
from portal.editing.gate import refused
from portal.organisations.models import Organisation
from portal.webhooks import services
from portal.webhooks.models import ABOUT_ENTRIES, Attempt, Webhook

PER_PAGE = 50


class WebhookForm(forms.Form):
    """Whose it is, where to send, and what of."""

    network = forms.ModelChoiceField(
        Organisation.objects.none(),
        required=False,
        empty_label="All networks",
        error_messages={"required": "Choose the network whose people keep this webhook."},
    )
    address = forms.URLField(
        max_length=500,
        assume_scheme="https",
        error_messages={"required": "Give the address to send to.", "invalid": "Give an address, as in https://…"},
    )
    description = forms.CharField(max_length=120, required=False)
    events = forms.MultipleChoiceField(
        choices=[(event.value, event.label) for event in ABOUT_ENTRIES],
        widget=forms.CheckboxSelectMultiple,
        initial=[event.value for event in ABOUT_ENTRIES],
        error_messages={"required": "Choose at least one event."},
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        networks = networks_where(person, [Action.REVIEW])
        field: Any = self.fields["network"]
        all_networks = Organisation.objects.filter(kind=Organisation.Kind.NETWORK).order_by("name")
        field.required = None not in networks
        field.queryset = all_networks if None in networks else all_networks.filter(pk__in=[pk for pk in networks if pk])
        if field.required:
            field.empty_label = None


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def show_webhooks(request: HttpRequest) -> HttpResponse:
    """List the webhooks that a person keeps; posted, register one and show its secret this once."""
    if not services.keeps_webhooks(request.user):
        return refused(request)
    if request.method != "POST":
        return _list_page(request, WebhookForm(person=request.user))
    form = WebhookForm(request.POST, person=request.user)
    if not form.is_valid():
        return _list_page(request, form, status=400)
    try:
        webhook = services.register(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except services.AddressRefused as problem:
        form.add_error("address", str(problem))
        return _list_page(request, form, status=400)
    return _webhook_page(request, webhook, secret=webhook.secret, status=201)


def _list_page(request: HttpRequest, form: WebhookForm, *, status: int = 200) -> HttpResponse:
    page = list_page(services.webhooks_of(request.user), request.GET, per_page=PER_PAGE)
    context = {"page": page, "form": form, "is_sending": settings.OUTGOING}
    return render(request, "editing/webhooks.html", context, status=status)


def _webhook_page(request: HttpRequest, webhook: Webhook, *, secret: str = "", status: int = 200) -> HttpResponse:
    tries = Prefetch("tries", Attempt.objects.order_by("-pk"))
    context = {
        "webhook": webhook,
        "secret": secret,
        "events": [event.label for event in ABOUT_ENTRIES if event in webhook.events],
        "page": list_page(webhook.deliveries.prefetch_related(tries), request.GET, per_page=PER_PAGE),
        "is_sending": settings.OUTGOING,
        "kept_days": settings.WEBHOOKS_KEEP_DAYS,
    }
    return render(request, "editing/webhook.html", context, status=status)


def _kept(request: HttpRequest, pk: int) -> Webhook | None:
    return services.webhooks_of(request.user).filter(pk=pk).first()


@require_admin_access
@require_safe
def show_webhook(request: HttpRequest, webhook: int) -> HttpResponse:
    row = _kept(request, webhook)
    return _webhook_page(request, row) if row else refused(request)


@require_admin_access
@require_POST
def change_webhook(request: HttpRequest, webhook: int, step: str) -> HttpResponse:
    """Take one of the steps of a webhook's page."""
    row = _kept(request, webhook)
    if row is None:
        return refused(request)
    if step == "rotate":
        return _webhook_page(request, row, secret=services.rotate_secret(row))
    if step not in STEPS:
        raise Http404(f"There is no step “{step}”.")
    try:
        messages.success(request, STEPS[step](row))
    except services.AddressRefused as problem:
        messages.error(request, str(problem))
    return redirect("editing:webhooks") if step == "remove" else redirect("editing:webhook", row.pk)


def _switch_on(row: Webhook) -> str:
    services.switch_on(row)
    return "The webhook is on. What waited is sent now."


def _switch_off(row: Webhook) -> str:
    services.switch_off(row, because="It was switched off by hand.")
    return f"The webhook is off. What waits is kept for {settings.WEBHOOKS_KEEP_DAYS} days."


def _test(row: Webhook) -> str:
    services.send_test(row)
    return "A test message is on its way. Load this page again to see what was answered."


def _remove(row: Webhook) -> str:
    row.delete()
    return "The webhook is removed, with its log."


STEPS: dict[str, Callable[[Webhook], str]] = {"on": _switch_on, "off": _switch_off, "test": _test, "remove": _remove}


@require_admin_access
@require_POST
def replay(request: HttpRequest, webhook: int, delivery: int) -> HttpResponse:
    """Queue one message again."""
    row = _kept(request, webhook)
    message = row.deliveries.filter(pk=delivery).first() if row else None
    if row is None or message is None:
        return refused(request)
    services.replay(message)
    messages.success(request, "The message is sent again, under the same id.")
    return redirect("editing:webhook", row.pk)

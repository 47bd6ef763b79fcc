"""Versions of the strength rule: what each would change, and putting one in force."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.auth import require_admin_access

from portal.accounts.permissions import may_put_rule_in_force
from portal.catalogue.models import Entry
from portal.catalogue.strength import entries_that_would_change
from portal.core.paging import list_page
from portal.editing.gate import refused
from portal.evidence.calculations import FIRST, RULES, Rule
from portal.evidence.models import RuleInForce
from portal.evidence.querysets import UnknownRule, get_rule
from portal.evidence.services import RuleRefused, put_rule_in_force

PER_PAGE = 100


class PutInForceForm(forms.Form):
    """`instead_of` is the version against which the changes were listed."""

    instead_of = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(
        max_length=2000,
        strip=True,
        error_messages={"required": "Say why this version is put in force: readers see it."},
    )


@dataclass(frozen=True)
class Standing:
    """The version in force, and each time one was put in force, newest first."""

    rule: Rule
    history: list[RuleInForce]


def _standing() -> Standing:
    history = list(RuleInForce.objects.all())
    return Standing(get_rule(history[0].version) if history else FIRST, history)


@require_admin_access
@require_safe
def show_rules(request: HttpRequest) -> HttpResponse:
    """List the published versions, and say which is in force since when, by whom and why."""
    context = {"standing": _standing(), "rules": RULES.values(), "first": FIRST}
    return render(request, "editing/strength_rules.html", context)


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def show_rule(request: HttpRequest, version: int) -> HttpResponse:
    """List every entry that a version would change; posted with a reason, put it in force."""
    if request.method != "POST":
        return _changes_page(request, version)
    if not may_put_rule_in_force(request.user):
        return refused(request)
    form = PutInForceForm(request.POST)
    if not form.is_valid():
        return _changes_page(request, version, form=form, status=422)
    try:
        put_rule_in_force(version=version, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except UnknownRule as problem:
        raise Http404(str(problem)) from problem
    except RuleRefused as problem:
        form.add_error("why", str(problem))
        return _changes_page(request, version, form=form, status=422)
    messages.success(request, f"Version {version} of the strength rule is in force. Every page says so from now on.")
    return redirect("editing:strength_rules")


def _changes_page(
    request: HttpRequest, version: int, *, form: PutInForceForm | None = None, status: int = 200
) -> HttpResponse:
    standing = _standing()
    try:
        rule, changes = get_rule(version), entries_that_would_change(version)
    except UnknownRule as problem:
        raise Http404(str(problem)) from problem
    context: dict[str, Any] = {
        "rule": rule,
        "standing": standing,
        "page": list_page(changes, request.GET, per_page=PER_PAGE),
        "entries": Entry.objects.public().count(),
        "form": form,
        "may_put_in_force": may_put_rule_in_force(request.user) and version != standing.rule.version,
    }
    return render(request, "editing/strength_rule.html", context, status=status)

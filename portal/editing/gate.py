"""The editing site's one door: what is not listed here is not there, and every entry is asked about.

Wagtail brings some 250 addresses. Those that this site uses are named below, each with what a
person must be allowed; all others answer 404. An address with an entry in it is answered only for
those who may do that to that entry, whatever the view behind it would have asked.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import ResolverMatch
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin

from portal.accounts.permissions import Action, has_role, lacks_second_factor, may, may_change_evidence
from portal.catalogue.models import Entry
from portal.core.keys import key_in
from portal.core.security_log import Refusal, note_refusal
from portal.editing.signed_out import sign_in_first
from portal.evidence.models import Evidence

View = Callable[..., HttpResponseBase]

OPEN = frozenset(
    {
        "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog",
        "editing:session",
        "editing:sign_in",
        "editing:sign_out",
    }
)
"""For everyone, signed in or not: they hold nothing of any entry."""

FOR_ROLES = frozenset(
    {
        "wagtailadmin_home",
        "wagtailadmin_account",
        "wagtailadmin_dismissibles",
        "wagtailadmin_editing_sessions:ping",
        "wagtailadmin_editing_sessions:release",
    }
)
"""For everyone with a role."""

LISTS = frozenset({"list", "list_results", "add", "preview_on_add"})
ACTION_OF_VIEW = {
    "edit": Action.VIEW,
    "preview_on_edit": Action.VIEW,
    "history": Action.VIEW,
    "history_results": Action.VIEW,
    "revisions_view": Action.VIEW,
    "revisions_compare": Action.VIEW,
    "revisions_revert": Action.CHANGE,
    "revisions_unschedule": Action.PUBLISH,
    "workflow_history": Action.VIEW,
    "workflow_history_detail": Action.VIEW,
    "confirm_workflow_cancellation": Action.CHANGE,
    "lock": Action.LOCK,
    "unlock": Action.LOCK,
    "delete": Action.DELETE,
}
"""What a person must be allowed to do to the entry whose `pk` an address names."""

OWN = "editing"
IMPORTS = "imports"
"""Each of its views asks for the batch or the network that it is about."""
EVIDENCE = "sources"
PUBLISHERS = frozenset({"same_words", "confirmation_periods"})
"""What is changed there is public at once."""
REFERENCE = frozenset({"index", "index_results", "add", "edit"})
CHOOSERS = frozenset({"choose_organisation", "choose_evidence", "choose_measure"})
CHOOSING = frozenset({"choose", "choose_results", "chosen", "chosen_multiple"})
ADDING = frozenset({"choose_evidence:create"})
"""A source that wasn't found is added where it was looked for."""


class NoSuchAddress(Http404):
    """The address is one of Wagtail's that this site doesn't use."""


def guarded(view: View) -> View:
    """Ask before the view does anything; no browser keeps what it answers. For `decorate_urlpatterns`."""

    in_wagtails_frame = csp_replace(settings.EDITING_CONTENT_SECURITY_POLICY)(xframe_options_sameorigin(view))

    @cache_control(private=True, no_store=True)
    @wraps(view)
    def ask_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        match = request.resolver_match
        if match is None or not _is_listed(match):
            raise NoSuchAddress
        if request.method == "POST" and match.view_name not in OPEN and not request.user.is_authenticated:
            return sign_in_first(request)
        is_asked = match.view_name not in OPEN and request.user.is_authenticated
        if is_asked and lacks_second_factor(request.user):
            return second_factor_first(request)
        if is_asked and not (has_role(request.user) and _may_enter(request, match)):
            return refused(request)
        return in_wagtails_frame(request, *args, **kwargs)

    return ask_first


def refused(request: HttpRequest) -> HttpResponse:
    """Say no without saying whether there is anything there; whoever watches the log is told."""
    note_refusal(Refusal.NOT_ALLOWED, request)
    return render(request, "403.html", status=403)


def second_factor_first(request: HttpRequest) -> HttpResponse:
    """Lead whoever acts for all networks to set up what their role needs; nothing is read or changed before."""
    note_refusal(Refusal.NO_SECOND_FACTOR, request)
    messages.warning(request, "Your role needs a second factor. Set one up, then go on.")
    return redirect("mfa_index")


def entry_for(request: HttpRequest, pk: int, action: Action) -> Entry | None:
    """Return the entry if the person may do this to it; what isn't there is refused alike.

    The guard asks first and the view then asks for more: the entry is read once.
    """
    if (read := getattr(request, "_entry_read", None)) is None or read.pk != pk:
        read = Entry.objects.with_specific().select_related("owner_network").filter(pk=pk).first()
        request._entry_read = read  # type: ignore[attr-defined]
    return read.specific if read and may(request.user, action, read) else None


def _is_listed(match: ResolverMatch) -> bool:
    if match.view_name in OPEN | FOR_ROLES or match.namespace in (OWN, IMPORTS):
        return True
    namespace, _, name = match.view_name.rpartition(":")
    if namespace in kinds_by_namespace():
        return name in LISTS or name in ACTION_OF_VIEW
    if namespace in CHOOSERS:
        return name in CHOOSING or match.view_name in ADDING
    return namespace in PUBLISHERS | {EVIDENCE} and name in REFERENCE


def kinds_by_namespace() -> dict[str, type[Entry]]:
    """Return the kinds of entry by what their screens' addresses are called."""
    return {model.__name__.lower(): model for model in Entry.__subclasses__()}


def _may_enter(request: HttpRequest, match: ResolverMatch) -> bool:
    namespace, _, name = match.view_name.rpartition(":")
    pk = match.kwargs.get("pk")
    model = kinds_by_namespace().get(namespace)
    if namespace == EVIDENCE and pk is not None:
        return _may_change_evidence(request.user, pk)
    if namespace in PUBLISHERS:
        return name.startswith("index") or may(request.user, Action.PUBLISH)
    if namespace == OWN and pk is not None:
        return entry_for(request, pk, Action.VIEW) is not None
    if model is None:
        return True
    if pk is None:
        return may(request.user, Action.ADD if "add" in name else Action.VIEW)
    entry = model._default_manager.filter(pk=key_in(pk) or 0).first()
    return entry is not None and _may_enter_entry(request, match, name, entry)


def _may_enter_entry(request: HttpRequest, match: ResolverMatch, name: str, entry: Entry) -> bool:
    action = ACTION_OF_VIEW[name]
    if name == "edit" and request.method not in ("GET", "HEAD", "OPTIONS"):
        action = Action.CHANGE
    state = match.kwargs.get("workflow_state_id")
    is_its_own = state is None or entry.workflow_states.filter(pk=state).exists()
    return is_its_own and may(request.user, action, entry)


def _may_change_evidence(person: Any, pk: str) -> bool:
    evidence = Evidence.objects.filter(pk=key_in(pk) or 0).first()
    return evidence is not None and may_change_evidence(person, evidence)

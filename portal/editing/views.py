"""The editing site's own pages: start, what waits, and the comparison that a reviewer decides on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.auth import require_admin_access

from portal.accounts.permissions import Action, may
from portal.catalogue import briefs
from portal.catalogue.changes import changes_between
from portal.catalogue.finding.missed import missed_searches
from portal.catalogue.models import Entry, EntryChange
from portal.catalogue.services import NotPublishable
from portal.catalogue.strength import told_strength_of
from portal.core.formatting import format_moment
from portal.core.keys import key_in
from portal.core.paging import list_page
from portal.editing import services
from portal.editing.boards import board_of, waiting_for
from portal.editing.gate import entry_for, refused
from portal.editing.hints import hint_for
from portal.editing.lookalikes import lookalikes_of
from portal.editing.readiness import NotReady, missing_from
from portal.editing.trail_page import trail_page
from portal.editing.workflow import progress_of, scheduled_for, sent_back_because, status_of
from portal.organisations.models import Organisation

MISSED_ON_A_PAGE = 50


def _address(entry: Entry, name: str, *further: int) -> str:
    """Return the address of one of Wagtail's screens of an entry."""
    return reverse(f"{type(entry.specific).__name__.lower()}:{name}", args=[entry.pk, *further])


@require_admin_access
@require_safe
def show_start(request: HttpRequest) -> HttpResponse:
    return render(request, "editing/start.html", {"board": board_of(request.user)})


@require_admin_access
@require_safe
def show_waiting(request: HttpRequest) -> HttpResponse:
    return render(request, "editing/waiting.html", {"waiting": waiting_for(request.user)})


@require_admin_access
@require_safe
def show_missed(request: HttpRequest) -> HttpResponse:
    """List what readers looked for in vain: it holds nothing of any entry."""
    page = list_page(missed_searches(), request.GET, per_page=MISSED_ON_A_PAGE)
    return render(request, "editing/missed.html", {"page": page})


@require_admin_access
@require_POST
def show_hint(request: HttpRequest) -> HttpResponse:
    """Tell what the ledger would do with one of the figures sent; part of a page. Nothing is kept."""
    pk = key_in(request.POST.get("entry"))
    entry = entry_for(request, pk, Action.VIEW) if pk is not None else None
    return render(request, "editing/hint.html", {"hint": hint_for(request.POST, entry=entry)})


@require_admin_access
@require_safe
def show_comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the draft beside what readers see, with what may be decided about it."""
    entry = entry_for(request, pk, Action.VIEW)
    if entry is None:
        return refused(request)
    return render(request, "editing/compare.html", _comparison(request, entry))


def _comparison(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    draft, progress, scheduled = services.draft_of(entry), progress_of(entry), scheduled_for(entry)
    may_change = may(request.user, Action.CHANGE, entry)
    try:
        step, why_not = services.check_may_decide(entry=entry, by=request.user, progress=progress), ""
    except services.NotAllowed as problem:
        step, why_not = None, str(problem)
        if progress.step:
            why_not = f"It waits for {services.waits_for(progress.step)}. {problem}"
    return {
        "entry": entry,
        "draft": draft,
        "changes": changes_between(entry if entry.live else None, draft),
        "missing": missing_from(draft),
        "strength": told_strength_of(draft),
        "lookalikes": [] if entry.first_published_at else lookalikes_of(draft, for_person=request.user),
        "status": status_of(entry, progress),
        "step": step,
        "why_not": why_not if progress.step else "",
        "submitted_by": progress.state.requested_by if progress.state else None,
        "may_take_back": bool(progress.step and progress.state and progress.state.requested_by_id == request.user.pk),
        "sent_back_because": sent_back_because(progress),
        "why": EntryChange.objects.why_of_draft(entry),
        "edit_address": _address(entry, "edit"),
        "may_change": may_change,
        "may_edit": may_change
        and not scheduled
        and not (progress.step and progress.step.locked_for_user(entry, request.user)),
        "unschedule_address": scheduled
        and _address(entry, "revisions_unschedule", entry.specific.scheduled_revision.pk),
        "may_submit": entry.has_unpublished_changes and not progress.step and not scheduled,
        "may_publish": may(request.user, Action.PUBLISH, entry),
        "networks": Organisation.objects.filter(kind=Organisation.Kind.NETWORK),
    }


@require_admin_access
@require_safe
def show_brief(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the draft as its two-page brief, or the published one where there is no other draft."""
    entry = entry_for(request, pk, Action.VIEW)
    if entry is None:
        return refused(request)
    if entry.live and not entry.has_unpublished_changes:
        return redirect(entry.get_brief_url())
    return briefs.show_brief_of_draft(request, services.draft_of(entry), back=reverse("editing:compare", args=[pk]))


@require_admin_access
@require_safe
def show_trail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who did what to an entry, when, why and from where."""
    entry = entry_for(request, pk, Action.VIEW)
    if entry is None:
        return refused(request)
    return render(request, "editing/trail.html", {"entry": entry, "trail": trail_page(entry, request.GET)})


Work = Callable[[HttpRequest, Entry], str]


def _decision(action: Action, work: Work) -> Callable[[HttpRequest, int], HttpResponse]:
    """Return a view that does one thing to an entry and says what came of it."""

    @require_admin_access
    @require_POST
    def decide(request: HttpRequest, pk: int) -> HttpResponse:
        entry = entry_for(request, pk, action)
        if entry is None:
            return refused(request)
        try:
            messages.success(request, work(request, entry))
        except (services.NotAllowed, NotReady, NotPublishable) as problem:
            messages.error(request, str(problem))
        return redirect("editing:compare", pk=pk)

    return decide


def _approve(request: HttpRequest, entry: Entry) -> str:
    services.approve(
        entry=entry,
        by=request.user,
        revision=key_in(request.POST.get("revision")) or 0,
        reason=request.POST.get("reason", "")[:2000],
    )
    entry = Entry.objects.with_specific().get(pk=entry.pk)
    if progress_of(entry).step:
        return "Approved. It now waits for a publisher."
    scheduled = scheduled_for(entry)
    return f"Approved. It is published on {format_moment(scheduled)}." if scheduled else "Published."


def _submit(request: HttpRequest, entry: Entry) -> str:
    services.submit(entry=entry, by=request.user, reason=request.POST.get("reason", "")[:2000])
    return services.SUBMITTED


def _send_back(request: HttpRequest, entry: Entry) -> str:
    services.send_back(entry=entry, by=request.user, reason=request.POST.get("reason", "")[:2000])
    return "Sent back, with your reason."


def _take_back(request: HttpRequest, entry: Entry) -> str:
    services.take_back(entry=entry, by=request.user)
    return services.TAKEN_BACK


def _discard(request: HttpRequest, entry: Entry) -> str:
    services.discard_draft(entry=entry, by=request.user)
    return "The draft was put aside. It begins again from what readers see."


def _withdraw(request: HttpRequest, entry: Entry) -> str:
    services.withdraw(entry=entry, by=request.user, reason=request.POST.get("reason", "")[:2000])
    return "Withdrawn. Readers no longer find it."


def _hand_over(request: HttpRequest, entry: Entry) -> str:
    network = Organisation.objects.filter(kind=Organisation.Kind.NETWORK, code=request.POST.get("network", "")).first()
    if network is None:
        raise services.NotAllowed("Choose the network that keeps the entry true.")
    services.hand_over(entry=entry, to=network, by=request.user)
    return f"{network.display_name} keeps this entry true from now on."


submit = _decision(Action.CHANGE, _submit)
approve = _decision(Action.REVIEW, _approve)
send_back = _decision(Action.REVIEW, _send_back)
take_back = _decision(Action.CHANGE, _take_back)
discard = _decision(Action.CHANGE, _discard)
withdraw = _decision(Action.PUBLISH, _withdraw)
hand_over = _decision(Action.PUBLISH, _hand_over)

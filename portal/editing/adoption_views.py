"""Adoption on the editing site: record, verify, decide about what organisations said, and whom to ask."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.auth import require_admin_access

from portal.accounts.permissions import Action, may, may_change_contacts
from portal.adoption import services
from portal.adoption.contacts import ConsentRefused, write_down_consent
from portal.adoption.models import AdoptionRecord, Contact, Reply
from portal.catalogue.models import Entry
from portal.core.paging import list_page
from portal.editing.adoption_forms import ConsentForm, ContactForm, EventForm
from portal.editing.boards import waiting_replies
from portal.editing.gate import entry_for, refused

PER_PAGE = 50


@require_admin_access
@require_safe
def show_adoption(request: HttpRequest) -> HttpResponse:
    return _overview(request, ContactForm())


def _overview(request: HttpRequest, form: ContactForm, *, status: int = 200) -> HttpResponse:
    may_change = may_change_contacts(request.user)
    contacts = Contact.objects.select_related("organisation") if may_change else Contact.objects.none()
    page = list_page(contacts, request.GET, per_page=PER_PAGE)
    for contact in page.rows:
        contact.is_asked = contact.may_be_asked(timezone.localdate())
    shown = {
        "replies": waiting_replies(request.user),
        "page": page,
        "may_change": may_change,
        "form": form,
    }
    return render(request, "editing/adoption.html", shown, status=status)


@require_admin_access
@require_POST
def add_contact(request: HttpRequest) -> HttpResponse:
    if not may_change_contacts(request.user):
        return refused(request)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _overview(request, form, status=400)
    form.instance.added_by_id = request.user.pk
    if not _is_written_down(form):
        return _overview(request, form, status=400)
    messages.success(request, "Added. The address is asked when something is not confirmed in time.")
    return redirect("editing:adoption")


def _is_written_down(form: ConsentForm) -> bool:
    try:
        write_down_consent(contact=form.instance)
    except ConsentRefused as problem:
        form.add_error("consent_on", str(problem))
        return False
    return True


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def show_consent(request: HttpRequest, contact: int) -> HttpResponse:
    """Show what a contact agreed to; posted, write down a consent in place of the one before."""
    found = Contact.objects.select_related("organisation", "added_by").filter(pk=contact).first()
    if found is None or not may_change_contacts(request.user):
        return refused(request)
    said = {"consent_by": found.consent_by, "consent_on": found.consent_on, "kept_until": found.kept_until}
    anew = dict.fromkeys(ConsentForm.Meta.fields)
    form = ConsentForm(request.POST if request.method == "POST" else None, instance=found, initial=anew)
    form.instance.added_by_id = request.user.pk
    if form.is_valid() and _is_written_down(form):
        messages.success(request, "The consent is written down. The address may be asked.")
        return redirect("editing:adoption")
    shown = {"contact": found, "form": form, "said": said}
    return render(request, "editing/consent.html", shown, status=400 if form.errors else 200)


@require_admin_access
@require_POST
def remove_contact(request: HttpRequest, contact: int) -> HttpResponse:
    if not may_change_contacts(request.user):
        return refused(request)
    Contact.objects.filter(pk=contact).delete()
    messages.success(request, "Removed, with every link sent to it.")
    return redirect("editing:adoption")


@require_admin_access
@require_safe
def show_entry_adoption(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every event of an entry, newest first, with what may be done about each."""
    entry = entry_for(request, pk, Action.VIEW)
    return refused(request) if entry is None else _events(request, entry, EventForm(entry=entry))


def _events(request: HttpRequest, entry: Entry, form: EventForm, *, status: int = 200) -> HttpResponse:
    events = AdoptionRecord.objects.filter(entry=entry).select_related("organisation", "evidence", "verified_by")
    shown = {
        "entry": entry,
        "page": list_page(events.order_by("-on", "organisation__name", "pk"), request.GET, per_page=PER_PAGE),
        "replies": Reply.objects.waiting().filter(entry=entry).for_rows(),
        "form": form,
        "may_record": may(request.user, Action.RECORD_ADOPTION, entry),
        "may_verify": may(request.user, Action.VERIFY_ADOPTION, entry),
    }
    return render(request, "editing/entry_adoption.html", shown, status=status)


@require_admin_access
@require_POST
def record_event(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_for(request, pk, Action.RECORD_ADOPTION)
    if entry is None:
        return refused(request)
    form = EventForm(request.POST, entry=entry)
    if not form.is_valid():
        return _events(request, entry, form, status=400)
    services.record_event(record=form.instance, by=request.user)
    messages.success(request, "Recorded. A colleague can verify it now.")
    return redirect("editing:entry_adoption", pk=pk)


Work = Callable[[HttpRequest, Any], str]


def _decision(rows: Callable[[Entry, int], Any], work: Work) -> Callable[..., HttpResponse]:
    """Return a view that decides about one record or reply of an entry and says what came of it."""

    @require_admin_access
    @require_POST
    def decide(request: HttpRequest, pk: int, row: int) -> HttpResponse:
        entry = entry_for(request, pk, Action.VERIFY_ADOPTION)
        found = rows(entry, row) if entry else None
        if found is None:
            return refused(request)
        try:
            messages.success(request, work(request, found))
        except (services.NotVerifiable, services.AlreadyDecided) as problem:
            messages.error(request, str(problem))
        return redirect("editing:entry_adoption", pk=pk)

    return decide


def _record(entry: Entry, row: int) -> AdoptionRecord | None:
    return AdoptionRecord.objects.filter(entry=entry, pk=row).first()


def _reply(entry: Entry, row: int) -> Reply | None:
    return Reply.objects.filter(entry=entry, pk=row).for_rows().first()


def _verify(request: HttpRequest, record: AdoptionRecord) -> str:
    services.verify_record(record=record, by=request.user)
    return "Verified."


def _accept(request: HttpRequest, reply: Reply) -> str:
    services.accept_reply(reply=reply, by=request.user)
    return "Accepted. It is on record as the organisation said it, verified by you."


def _refuse(request: HttpRequest, reply: Reply) -> str:
    services.refuse_reply(reply=reply, by=request.user, why=request.POST.get("reason", ""))
    return "Not accepted. The verified record stands."


verify = _decision(_record, _verify)
accept = _decision(_reply, _accept)
refuse = _decision(_reply, _refuse)

"""Sources: the file attached to one, and those whose address is dead, to be asked once more."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.auth import require_admin_access

from portal.accounts.permissions import Action, may
from portal.core.paging import list_page
from portal.editing import attachments
from portal.editing.boards import unanswered_for
from portal.editing.gate import refused
from portal.evidence.models import Evidence

PER_PAGE = 50


@require_admin_access
@require_safe
def show_unanswered(request: HttpRequest) -> HttpResponse:
    page = list_page(unanswered_for(request.user), request.GET, per_page=PER_PAGE)
    context = {"page": page, "may_correct": may(request.user, Action.PUBLISH)}
    return render(request, "editing/unanswered.html", context)


@require_admin_access
@require_POST
def ask_again(request: HttpRequest, check: int) -> HttpResponse:
    """Put an address first in the queue; it is asked by the worker, not in this request."""
    if not unanswered_for(request.user).filter(pk=check).update(next_at=timezone.now()):
        return refused(request)
    messages.success(request, "The address is asked again within some minutes.")
    return redirect("editing:unanswered")


@require_admin_access
@require_safe
def lead_to_attachment(request: HttpRequest, source: int) -> HttpResponse:
    """Sources are shared by all networks, so whoever has a role is led to the file of any."""
    found = Evidence.objects.exclude(attachment="").filter(pk=source).first()
    return redirect(attachments.signed_address(found)) if found else refused(request)


@require_safe
def hand_out_attachment(request: HttpRequest, token: str) -> HttpResponseBase:
    """Hand out a file to whoever has its signed address; no session is asked."""
    source = attachments.source_of(token)
    if source is None:
        raise Http404("Open the file from its source again.")
    try:
        opened = source.attachment.open("rb")
    except OSError as error:
        raise Http404("The file is not there.") from error
    name = attachments.name_of_file(source)
    # Of no kind that a browser shows, whatever its name says.
    answer = FileResponse(opened, as_attachment=True, filename=name, content_type="application/octet-stream")
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer

"""Sources whose address is dead: listed for those who keep the entries that cite them, to be asked once more."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.auth import require_admin_access

from portal.accounts.permissions import Action, may
from portal.core.paging import list_page
from portal.editing.boards import unanswered_for
from portal.editing.gate import refused

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

"""Whoever was signed out while writing keeps what was typed."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.permissions import has_role
from portal.core.people import name_of
from portal.core.sent_forms import fields_sent

SIGNED_OUT = "You were signed out. What you typed is still here: sign in in another tab, then save."


@require_safe
def show_session(request: HttpRequest) -> JsonResponse:
    """Say whether a form sent now would be taken: `session.js` asks before it is."""
    if not has_role(request.user):
        return JsonResponse({"signed_in": False})
    return JsonResponse({"signed_in": True, "name": name_of(request.user)})


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Answer a form that came too late with a page that keeps what was sent, so that it can be sent again.

    A form that saved itself is answered in Wagtail's words for one that is closed to the person.
    """
    wants_page = request.headers.get("X-Requested-With") != "XMLHttpRequest" and request.accepts("text/html")
    if not wants_page:
        return JsonResponse({"success": False, "error_code": "locked", "error_message": SIGNED_OUT}, status=403)
    return render(request, "editing/signed_out.html", {"sent": fields_sent(request)}, status=403)

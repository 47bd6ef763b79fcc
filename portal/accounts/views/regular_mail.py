"""The page that each regular mail's link opens, to end it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.accounts.regular_mail import mail_named


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, name: str, token: str) -> HttpResponse:
    """Ask, then stop: a mail scanner that opens the link changes nothing. The token stands in for a session's."""
    mail = mail_named(name)
    if mail is None:
        raise Http404
    person = mail.person_of(token)
    if person and request.method == "POST":
        mail.stop(person)
        person.refresh_from_db()
    comes = person is not None and mail.comes(person)
    shown = {"mail": mail, "known": person is not None, "comes": comes}
    return render(request, "accounts/stop_mail.html", shown, status=200 if person else 404)

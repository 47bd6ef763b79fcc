"""The pages behind the links sent to an organisation's contact, without an account: one answer, and being forgotten."""

from typing import Any

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.adoption.answering import (
    CHANGED_TO,
    Answers,
    LinkUsed,
    blank_answers,
    read_answers,
    take_answers,
)
from portal.adoption.asking import link_of
from portal.adoption.contacts import contact_of, forget, token_of
from portal.adoption.models import ConfirmationLink, Reply, StopReason

GONE, NOT_FOUND = 410, 404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the questions, or take the answers. To open the link changes nothing: a mail scanner may do so."""
    link = link_of(token)
    if link is None:
        return _answer(request, {"problem": "unknown"}, status=NOT_FOUND)
    if link.used_at or link.has_expired:
        return _answer(request, {"problem": "used" if link.used_at else "expired", "link": link}, status=GONE)
    if request.method != "POST":
        return _form(request, link, blank_answers(link.contact.organisation_id))
    answers = read_answers(link.contact.organisation_id, request.POST.dict())
    if answers.problems:
        return _form(request, link, answers, status=400)
    try:
        replies = take_answers(link=link, answers=answers)
    except LinkUsed:
        link.refresh_from_db()
        return _answer(request, {"problem": "used", "link": link}, status=GONE)
    waiting = [reply for reply in replies if reply.state == Reply.State.WAITING]
    return _answer(request, {"link": link, "taken": len(replies) - len(waiting), "waiting": len(waiting), "done": True})


def _form(request: HttpRequest, link: ConfirmationLink, answers: Answers, *, status: int = 200) -> HttpResponse:
    shown = {"link": link, "answers": answers, "stages": CHANGED_TO, "reasons": StopReason.choices}
    return _answer(request, shown, status=status)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forget_address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then forget the address: a mail scanner that opens the link changes nothing.

    The token stands in for a form's, as the mail program's own button sends none.
    """
    try:
        contact = contact_of(token)
    except BadSignature:
        return _answer(request, {"known": False}, page="adoption/forget.html", status=NOT_FOUND)
    if contact and request.method == "POST":
        forget(contact)
        contact = None
    return _answer(request, {"known": True, "contact": contact}, page="adoption/forget.html")


def _answer(
    request: HttpRequest, shown: dict[str, Any], *, page: str = "adoption/confirm.html", status: int = 200
) -> HttpResponse:
    if link := shown.get("link"):
        shown["forget"] = reverse("adoption:forget", args=[token_of(link.contact)])
    answer = render(request, page, shown, status=status)
    # The address is a secret: it goes to no other site and into no index. “no-referrer” would take the form’s
    # origin away too, and the form would be refused.
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer

"""The page behind a link that was sent to an organisation's contact: no account, one organisation, one answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.adoption.answering import (
    CHANGED_TO,
    Answers,
    LinkUsed,
    blank_answers,
    forget_contact,
    read_answers,
    take_answers,
)
from portal.adoption.asking import link_of
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
    if "not-me" in request.POST:
        forget_contact(link)
        return _answer(request, {"forgotten": True})
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


def _answer(request: HttpRequest, shown: dict[str, object], *, status: int = 200) -> HttpResponse:
    answer = render(request, "adoption/confirm.html", shown, status=status)
    # The address is a secret: it goes to no other site and into no index. “no-referrer” would take the form’s
    # origin away too, and the form would be refused.
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer

"""Pages of packs: one pack, my packs, the number on a cover, and what is ready made."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.briefings import services, twin
from portal.briefings.files import PDF, ReadyFile, files_of, hand_out
from portal.briefings.forms import ShareForm
from portal.briefings.models import BriefingPack
from portal.briefings.news import moved_since
from portal.briefings.views.opening import NotYours, opened, private
from portal.briefings.visitors import key_to_ask_with, keys_of

View = Callable[..., HttpResponseBase]


def or_what_its_number_tells(view: View) -> View:
    """Show whoever may not open a pack what the number on its cover tells everybody."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotYours as refusal:
            return show_issue(request, refusal.pack.number)

    return answer


@private
@require_safe
@or_what_its_number_tells
def show_pack(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far a pack is, its files, and what moved since. The panel asks for this again until it is finished."""
    pack = opened(request, token)
    if pack.is_expired:
        return render(request, "briefings/expired.html", {"pack": pack}, status=410)
    is_mine = pack.is_mine  # type: ignore[attr-defined]
    context = {
        "pack": pack,
        "is_mine": is_mine,
        "steps": steps(pack),
        "waiting": _before(pack),
        # Said once a stage, not once a second: a screen reader reads out whatever is put there.
        "announces": request.GET.get("heard") != f"{pack.state}-{pack.stage}",
        "files": files_of(pack, pack.get_absolute_url()),
        "latest": BriefingPack.objects.latest_ready(pack) if pack.state == pack.State.READY else None,
        "links": list(pack.share_links.all()) if is_mine else [],
        "share_form": ShareForm(),
        "new_link": request.GET.get("link", ""),
    }
    is_current = context["latest"] == pack
    context["since"] = moved_since(pack) if is_current else None
    return render(request, "briefings/pack.html", context)


def _before(pack: BriefingPack) -> int:
    if pack.state != pack.State.QUEUED:
        return 0
    places = BriefingPack.objects.places_in_queue()
    return places.index(pack.pk) if pack.pk in places else 0


def steps(pack: BriefingPack) -> list[dict[str, Any]]:
    """Return the stages with their word and whether each is done, under way or to come."""
    stages = list(pack.Stage)
    at = stages.index(pack.Stage(pack.stage)) if pack.state == pack.State.RUNNING else -1
    words = {True: "done", False: "to come"}
    return [
        {"text": stage.label, "state": "under way" if number == at else words[number < at]}
        for number, stage in enumerate(stages)
    ]


@private
@require_safe
@or_what_its_number_tells
def read_pack(request: HttpRequest, token: str) -> HttpResponse:
    """Show the issue as a page: the same content as the PDF."""
    pack = opened(request, token)
    return page_of(request, pack, back=pack.get_absolute_url())


def page_of(request: HttpRequest, pack: BriefingPack, *, back: str) -> HttpResponse:
    if pack.is_expired or pack.state != pack.State.READY:
        return redirect(back)
    context = {
        "pack": pack,
        "twin": twin.write_twin(pack.document()),
        "back": back,
        "files": files_of(pack, back),
        "latest": BriefingPack.objects.latest_ready(pack),
    }
    return render(request, "briefings/read.html", context)


@private
@require_safe
@or_what_its_number_tells
def download_pack(request: HttpRequest, token: str, name: str, kind: str) -> HttpResponseBase:
    ready = ReadyFile.of_pack(token) if kind == PDF else None
    if answer := ready and ready.answer():
        return answer
    pack = opened(request, token)
    if pack.is_expired:
        return show_pack(request, token)
    if pack.state != pack.State.READY:
        return redirect(pack)
    return hand_out(request, pack, kind, back=pack.get_absolute_url())


@require_POST
def retry_pack(request: HttpRequest, token: str) -> HttpResponse:
    """Have it tried again; whoever may open a pack may ask for that."""
    return redirect(services.retry_pack(pack=opened(request, token)))


@require_POST
def stop_pack(request: HttpRequest, token: str) -> HttpResponse:
    pack = opened(request, token, mine=True)
    if services.stop_pack(pack=pack, keys=keys_of(request)):
        messages.success(request, "Stopped. Nothing was made.")
    elif pack.is_in_progress and not BriefingPack.objects.held_by(keys_of(request)).filter(pk=pack.pk).exists():
        messages.success(request, "It is off your list. Somebody else asked for the same pack, so it is still made.")
    return redirect(pack)


@require_POST
def ask_for_next_issue(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a new issue of one's own pack: it says what moved since, and supersedes this one."""
    pack = opened(request, token, mine=True)
    latest = BriefingPack.objects.latest_ready(pack) or pack
    try:
        by = key_to_ask_with(request)
        following = services.ask_for_next_issue(pack=BriefingPack.objects.get(pk=latest.pk), by=by)
    except services.PackRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(latest)
    return redirect(following)


@private
@require_safe
def show_my_packs(request: HttpRequest) -> HttpResponse:
    """List the packs of this person and this browser, and say of which the entries have changed since."""
    packs = list(BriefingPack.objects.held_by(keys_of(request)).with_changes().defer("data", "options")[:100])
    return render(request, "briefings/my_packs.html", {"packs": packs})


@private
@require_safe
def show_issue(request: HttpRequest, number: int) -> HttpResponse:
    """Answer the number on a cover: is this issue current, or which one superseded it? It gives nothing else away."""
    pack = get_object_or_404(BriefingPack.objects.with_is_mine(keys_of(request)).defer("data"), pk=number)
    if not pack.finished_at:
        return render(request, "404.html", status=404)
    is_open = bool(pack.standing) or pack.is_mine  # type: ignore[attr-defined]
    context = {"pack": pack, "latest": BriefingPack.objects.latest_ready(pack), "is_open": is_open}
    return render(request, "briefings/issue.html", context)

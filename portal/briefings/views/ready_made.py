"""Packs for everyone: one for each theme and strand, made after publication and not when asked for."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from portal.briefings.files import PDF, ReadyFile, files_of, hand_out
from portal.briefings.models import BriefingPack
from portal.briefings.standing import TAGS
from portal.briefings.views.packs import page_of


class NotThereYet(Http404):
    """No pack of this theme or strand has been made, or there is no such theme or strand."""


@require_safe
def show_ready_made(request: HttpRequest) -> HttpResponse:
    """List the packs that are there for every theme and strand."""
    packs = BriefingPack.objects.newest_standing().defer("data", "options")
    kinds = {"theme": "By theme", "strand": "By strand of the Long Term Workforce Plan"}
    groups = [
        (heading, sorted((pack for pack in packs if pack.standing.startswith(f"{kind}/")), key=lambda one: one.title))
        for kind, heading in kinds.items()
    ]
    return render(request, "briefings/ready_made.html", {"groups": [group for group in groups if group[1]]})


@require_safe
def show_standing(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    try:
        pack = _pack(kind, slug)
    except NotThereYet:
        return render(request, "briefings/not_there_yet.html", status=404)
    context = {"pack": pack, "latest": pack, "files": files_of(pack, request.path)}
    return render(request, "briefings/shared.html", context)


@require_safe
def read_standing(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    pack = _pack(kind, slug)
    return page_of(request, pack, back=request.path.removesuffix("read/"))


@require_safe
def download_standing(request: HttpRequest, kind: str, slug: str, name: str, file_kind: str) -> HttpResponseBase:
    """Hand out a file that is there already; asked again, it is a 304."""
    ready = ReadyFile.of_standing(f"{kind}/{slug}") if file_kind == PDF else None
    if ready and (unchanged := get_conditional_response(request, etag=_etag(ready))):
        return _asked_again(unchanged, ready)
    if answer := ready and ready.answer():
        return _asked_again(answer, ready)
    pack = _pack(kind, slug)
    unchanged = get_conditional_response(request, etag=_etag(pack))
    return _asked_again(unchanged or hand_out(request, pack, file_kind, back="/packs/ready-made/"), pack)


def _etag(issue: BriefingPack | ReadyFile) -> str:
    return f'"{issue.content_hash[:32]}"'


def _asked_again(answer: HttpResponseBase, issue: BriefingPack | ReadyFile) -> HttpResponseBase:
    """Let browsers and caches keep the answer, and ask each time whether it still is the newest."""
    answer["ETag"] = _etag(issue)
    answer["Cache-Control"] = "no-cache"
    return answer


def _pack(kind: str, slug: str) -> BriefingPack:
    if kind not in TAGS:
        raise Http404
    pack = BriefingPack.objects.standing_for(f"{kind}/{slug}").filter(state="ready").first()
    if pack is None:
        raise NotThereYet
    return pack

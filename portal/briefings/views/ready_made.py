"""Packs for everyone: one for each theme and strand, made after publication and not when asked for."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from portal.briefings.files import PDF, files_of, hand_out
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
    pack = _pack(kind, slug, whole=file_kind != PDF)
    etag = f'"{pack.content_hash[:32]}"'
    answer = get_conditional_response(request, etag=etag) or hand_out(
        request, pack, file_kind, back="/packs/ready-made/"
    )
    answer["ETag"] = etag
    answer["Cache-Control"] = "no-cache"
    return answer


def _pack(kind: str, slug: str, *, whole: bool = True) -> BriefingPack:
    if kind not in TAGS:
        raise Http404
    packs = BriefingPack.objects.standing_for(f"{kind}/{slug}").filter(state="ready")
    pack = (packs if whole else packs.defer("data", "options")).first()
    if pack is None:
        raise NotThereYet
    return pack

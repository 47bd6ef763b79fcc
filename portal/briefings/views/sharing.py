"""Links that show a pack to others, until they expire or are taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from portal.briefings import services
from portal.briefings.files import files_of, hand_out
from portal.briefings.forms import ShareForm
from portal.briefings.models import BriefingPack, ShareLink
from portal.briefings.views.opening import opened, private
from portal.briefings.views.packs import page_of


@require_POST
def share_pack(request: HttpRequest, token: str) -> HttpResponse:
    pack = opened(request, token, mine=True)
    form = ShareForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors.get("days", []))) + ".")
        return redirect(pack)
    link = services.share_pack(pack=pack, days=form.cleaned_data["days"])
    return redirect(reverse("briefings:pack", args=[pack.token], query={"link": link.pk}, fragment="share"))


@require_POST
def revoke_link(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    pack = opened(request, token, mine=True)
    services.revoke_link(link=get_object_or_404(ShareLink, pk=pk, pack=pack))
    messages.success(request, "That link no longer works.")
    return redirect(reverse("briefings:pack", args=[pack.token], fragment="share"))


@private
@require_safe
def show_shared(request: HttpRequest, token: str) -> HttpResponse:
    link = _link(token)
    if not link.works or link.pack.is_expired:
        return _no_longer(request)
    context = {
        "pack": link.pack,
        "link": link,
        "files": files_of(link.pack, link.get_absolute_url()),
        "latest": BriefingPack.objects.latest_ready(link.pack),
    }
    return render(request, "briefings/shared.html", context)


@private
@require_safe
def read_shared(request: HttpRequest, token: str) -> HttpResponse:
    link = _link(token)
    return page_of(request, link.pack, back=link.get_absolute_url()) if link.works else _no_longer(request)


@private
@require_safe
def download_shared(request: HttpRequest, token: str, name: str, kind: str) -> HttpResponseBase:
    link = _link(token)
    if not link.works or link.pack.is_expired:
        return _no_longer(request)
    if link.pack.state != link.pack.State.READY:
        return redirect(link)
    return hand_out(request, link.pack, kind, back=link.get_absolute_url())


def _link(token: str) -> ShareLink:
    link: ShareLink = get_object_or_404(ShareLink.objects.select_related("pack"), token=token)
    return link


def _no_longer(request: HttpRequest) -> HttpResponse:
    return render(request, "briefings/link_over.html", status=410)

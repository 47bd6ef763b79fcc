"""May this visitor open that pack? The one place that says so, and keeps what is theirs from every cache."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control

from portal.briefings.models import BriefingPack
from portal.briefings.visitors import keys_of

private = cache_control(private=True, no_store=True)


class NotYours(PermissionDenied):
    """A private pack's address was opened by somebody who neither asked for it nor has a share link."""

    def __init__(self, pack: BriefingPack) -> None:
        super().__init__("This pack is private.")
        self.pack = pack


def opened(request: HttpRequest, token: str, *, mine: bool = False) -> BriefingPack:
    """Return the pack, with `is_mine`. Raises Http404 or NotYours; with `mine`, for everybody but who asked for it."""
    pack: BriefingPack = get_object_or_404(BriefingPack.objects.with_is_mine(keys_of(request)), token=token)
    is_mine = pack.is_mine  # type: ignore[attr-defined]
    if not is_mine and (pack.is_private or mine):
        raise NotYours(pack)
    return pack

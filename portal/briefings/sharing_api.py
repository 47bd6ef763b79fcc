"""Further issues of a pack in the API, and the links by which its key shows it to others."""

from typing import Any, ClassVar, Literal

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from pydantic import Field
from rest_framework import serializers
from rest_framework.request import Request

from portal.briefings import services
from portal.briefings.api import PACKS, OfOwnPack, PackSerializer, answer_with, holder
from portal.briefings.models import BriefingPack, ShareLink
from portal.core.api import NotThere, OneOf, Operation, Problem, Told, Where, own_answer
from portal.core.api.problems import NotNow, TooMany
from portal.core.api.shapes import Shape, read_sent
from portal.core.keys import keys_in

Days: Any = Literal[settings.BRIEFINGS_SHARE_DAYS]


class LinkAsked(Shape):
    """For how long a link shows the pack; never longer than the pack is kept."""

    days: Days = Field(description="Days until it ends.")


class PackIssueSerializer(Told):
    """One issue of a pack, in short."""

    token = serializers.CharField()
    number = serializers.IntegerField()
    issue = serializers.IntegerField()
    state = OneOf(BriefingPack.State)
    as_at = serializers.DateField(help_text="The day whose content it holds.")
    page_url = Where()


class PackIssuesSerializer(Told):
    """The issues of a pack, newest first."""

    results = PackIssueSerializer(many=True)


class PackLinkSerializer(Told):
    """An address that shows a pack to whoever has it, until it ends or is taken back. It names nobody."""

    id = serializers.IntegerField()
    page_url = Where()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    works = serializers.BooleanField()


class PackLinksSerializer(Told):
    """The links of a pack, newest first."""

    results = serializers.SerializerMethodField()

    @extend_schema_field(PackLinkSerializer(many=True))
    def get_results(self, links: Any) -> Any:
        return PackLinkSerializer(links["results"], many=True).data


class _Shared(OfOwnPack):
    kept_for_it = "Whoever asked for a pack shares it and has it issued anew."


class PackIssues(_Shared):
    """The issues of a pack, and another: with its entries as they are now, and a page of what moved since the last."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(PACKS, told=PackIssuesSerializer, refused=(410,)),
        "POST": Operation(PACKS, told=PackSerializer, makes=True, refused=(409, 410)),
    }

    def get(self, request: Request, token: str) -> Any:
        issues = BriefingPack.objects.issues_of(self.own_pack(token)).held_by([holder(self.key)]).defer("data")
        told = PackIssuesSerializer({"results": issues.order_by("-issue")}).data
        return own_answer(request, dict(told))

    def post(self, request: Request, token: str) -> Any:
        pack = self.own_pack(token)
        latest = BriefingPack.objects.latest_ready(pack) or pack
        try:
            following = services.ask_for_next_issue(pack=latest, by=holder(self.key))
        except services.NothingNew as refusal:
            fix = "Ask again when one of its entries has changed."
            raise NotNow([Problem("token", str(refusal), fix)]) from refusal
        except services.TooManyWaiting as refusal:
            raise TooMany([Problem("token", str(refusal), "Follow the packs you have, and ask then.")]) from refusal
        return answer_with(request, following, status=201)


class PackLinks(_Shared):
    """The links by which a pack is shown to others, and another."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(PACKS, told=PackLinksSerializer, refused=(410,)),
        "POST": Operation(PACKS, told=PackLinkSerializer, sent=LinkAsked, makes=True, refused=(410,)),
    }

    def get(self, request: Request, token: str) -> Any:
        told = PackLinksSerializer({"results": self.own_pack(token).share_links.all()}).data
        return own_answer(request, dict(told))

    def post(self, request: Request, token: str) -> Any:
        pack, sent = self.own_pack(token), read_sent(request, LinkAsked)
        link = services.share_pack(pack=pack, days=sent.days)
        return own_answer(request, dict(PackLinkSerializer(link).data), status=201)


class RevokeLink(_Shared):
    """Take a link back: it no longer shows anything. One taken back before stays so."""

    http_method_names: ClassVar[list[str]] = ["post"]
    operations: ClassVar[dict[str, Operation]] = {"POST": Operation(PACKS, told=PackLinkSerializer, refused=(410,))}

    def post(self, request: Request, token: str, id: str) -> Any:
        link = ShareLink.objects.filter(pack=self.own_pack(token), pk__in=keys_in([id])).first()
        if link is None:
            text = "This pack has no such link."
            raise NotThere([Problem("id", text, "Take one from the pack’s links.")])
        services.revoke_link(link=link)
        link.refresh_from_db()
        return own_answer(request, dict(PackLinkSerializer(link).data))

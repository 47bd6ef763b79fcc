"""Packs in the API: asked for, followed and stopped by a network's systems, read by whoever has the address."""

from typing import Annotated, Any, ClassVar, Literal

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from pydantic import Field
from rest_framework import serializers
from rest_framework.request import Request

from portal.accounts.models import NetworkKey
from portal.briefings import files, services
from portal.briefings.forms import ANYONE, ONLY_ME, PackForm
from portal.briefings.models import BriefingPack
from portal.briefings.options import SECTIONS
from portal.catalogue.models import Entry
from portal.core.api import (
    Answering,
    NotAnswered,
    NotStated,
    NotThere,
    OneOf,
    Operation,
    Problem,
    Told,
    Where,
    address,
    own_answer,
)
from portal.core.api.problems import Gone, GoneAway, NotAllowed, NotNow, TooMany
from portal.core.api.shapes import Day, Key, Shape, one_of, problems_of_form, read_sent, text_of

PACKS = NetworkKey.Scope.PACKS.value
Section: Any = Literal[tuple(SECTIONS)]
FILES = (files.PDF_TYPE, *(one.media_type for one in files.FORMATS.values()))
LOOK_AGAIN = 2
"""Seconds after which a pack that is being made is worth another look."""


class PackAsked(Shape):
    """Which entries a pack holds, in this order, and what it says beside them."""

    title: Annotated[text_of(200), Field(min_length=1)]  # type: ignore[valid-type]
    entries: Annotated[list[Key], Field(min_length=1, max_length=settings.BRIEFINGS_MAX_ENTRIES)]
    purpose: one_of(BriefingPack.Purpose) = "information"  # type: ignore[valid-type]
    audience: Key | None = Field(default=None, description="The code of the organisation it is for.")
    author_line: text_of(200) | None = Field(default=None, description="A role, not a name.")  # type: ignore[valid-type]
    on: Day | None = Field(default=None, description="The day on the cover; null: today.")
    recommendation: text_of(2000) | None = None  # type: ignore[valid-type]
    sections: list[Section] = Field(default=list(SECTIONS), description="Figures and references always stay.")
    is_private: bool = Field(default=False, description="Opened by this key alone, instead of by its address.")


class PackFileSerializer(Told):
    format = serializers.CharField(source="kind")
    label = serializers.CharField()
    url = serializers.CharField(source="address")


class PackSerializer(Told):
    """A briefing pack: a dated, numbered issue of chosen entries, how far its making is, and its files."""

    token = serializers.CharField(help_text="Part of its address, which nobody can guess.")
    number = serializers.IntegerField()
    issue = serializers.IntegerField()
    title = serializers.CharField()
    purpose = OneOf(BriefingPack.Purpose)
    is_private = serializers.BooleanField()
    state = OneOf(BriefingPack.State)
    stage = OneOf(BriefingPack.Stage)
    percent = serializers.IntegerField()
    problem = NotStated(source="error", help_text="Why it could not be made, and what to do.")
    entries = serializers.SerializerMethodField(help_text="Slugs, in order.")
    as_at = serializers.DateField(help_text="The day whose content it holds.")
    pages = serializers.IntegerField(source="page_count", allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField()
    page_url = Where()
    files = serializers.SerializerMethodField(help_text="Empty until it is ready.")
    never_without = ("token", "state")

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_entries(self, pack: BriefingPack) -> list[str]:
        return [row["slug"] for row in pack.data["entries"]]

    @extend_schema_field(PackFileSerializer(many=True))
    def get_files(self, pack: BriefingPack) -> Any:
        rows = files.files_of(pack, "")
        return [
            {**PackFileSerializer(row).data, "url": address(reverse("packs_api:file", args=[pack.token, row.kind]))}
            for row in rows
        ]


class Packs(Answering):
    """Ask for a briefing pack of published entries. The same entries and options on one day are one pack."""

    http_method_names: ClassVar[list[str]] = ["post"]
    operations: ClassVar[dict[str, Operation]] = {
        "POST": Operation(PACKS, told=PackSerializer, sent=PackAsked, makes=True)
    }

    def post(self, request: Request) -> Any:
        sent, begun = read_sent(request, PackAsked), timezone.now()
        form = _form_of(sent)
        if not form.is_valid():
            raise NotAnswered(problems_of_form(form.errors))
        try:
            pack = services.ask_for_pack(
                slugs=sent.entries, options=form.options, by=holder(self.key), is_private=form.is_private
            )
        except services.TooManyWaiting as refusal:
            raise TooMany([Problem("entries", str(refusal), "Follow the packs you have, and ask then.")]) from refusal
        except services.PackRefused as refusal:
            fix = "Take slugs from /api/v1/entries/."
            raise NotAnswered([Problem("entries", str(refusal), fix)]) from refusal
        is_new = pack.created_at >= begun
        answer = answer_with(request, pack, status=201 if is_new else 200)
        answer["Location"] = address(reverse("packs_api:pack", args=[pack.token]))
        return answer


class OfOnePack(Answering):
    """What is asked of one pack. A private one is as if it were not there for every other key, and for none."""

    scope_to_read = PACKS

    def pack(self, token: str) -> Any:
        mine = [holder(self.key)] if self.key else []
        pack = BriefingPack.objects.with_is_mine(mine).filter(token=token).first()
        if pack is None or (pack.is_private and not pack.is_mine):  # type: ignore[attr-defined]
            text = "There is no pack at this address that you may open."
            raise NotThere([Problem("token", text, "Take the one you were told when you asked for it.")])
        if pack.is_expired:
            raise Gone([Problem("token", "This pack is no longer kept.", "Ask for it again at /api/v1/packs/.")])
        return pack


class OfOwnPack(OfOnePack):
    """What only the key that asked for a pack may do with it; `kept_for_it` says what, to any other."""

    kept_for_it: ClassVar[str]

    def own_pack(self, token: str) -> Any:
        pack = self.pack(token)
        if not pack.is_mine:
            raise NotAllowed([Problem("token", "This key did not ask for this pack.", self.kept_for_it)])
        return pack


class PackOne(OfOnePack):
    """One briefing pack: how far its making is, and where its files are. Anybody with its address may ask."""

    http_method_names: ClassVar[list[str]] = ["get", "head"]
    operations: ClassVar[dict[str, Operation]] = {"GET": Operation(told=PackSerializer, refused=(410,))}

    def get(self, request: Request, token: str) -> Any:
        pack = self.pack(token)
        answer = answer_with(request, pack)
        if pack.is_in_progress:
            answer["Retry-After"] = str(LOOK_AGAIN)
        return answer


class StopPack(OfOwnPack):
    """Stop the making of a pack that this key asked for; one that others asked for as well is still made."""

    kept_for_it = "Whoever asked for a pack stops it."
    http_method_names: ClassVar[list[str]] = ["post"]
    operations: ClassVar[dict[str, Operation]] = {"POST": Operation(PACKS, told=PackSerializer, refused=(410,))}

    def post(self, request: Request, token: str) -> Any:
        pack = self.own_pack(token)
        services.stop_pack(pack=pack, keys=[holder(self.key)])
        pack.refresh_from_db()
        return answer_with(request, pack)


class PackFileOne(OfOnePack):
    """One file of a pack that is ready: pdf, docx, xlsx or csv."""

    http_method_names: ClassVar[list[str]] = ["get", "head"]
    operations: ClassVar[dict[str, Operation]] = {"GET": Operation(files=FILES, refused=(409, 410, 503))}

    def get(self, request: Request, token: str, kind: str) -> HttpResponseBase:
        pack = self.pack(token)
        if pack.state != pack.State.READY:
            text = f"The pack is not ready: {pack.get_state_display().lower()}."
            raise NotNow([Problem("token", text, "Ask its own address until its state is “ready”.")])
        try:
            answer = files.file_answer(pack, kind)
        except files.NoSuchFormat as error:
            kinds = ", ".join((files.PDF, *files.FORMATS))
            raise NotThere([Problem("kind", "A pack has no such file.", f"Give one of {kinds}.")]) from error
        except files.FileLost as error:
            text = "The file of this pack was lost. Its content is kept."
            raise NotNow([Problem("token", text, "Ask for the same pack again.")]) from error
        except files.StorageAway as error:
            raise GoneAway([Problem("token", "The files can't be reached.", "Try again in five minutes.")]) from error
        answer["Cache-Control"] = "private, no-store"
        return answer


def holder(key: NetworkKey) -> str:
    """Return the name under which a key's packs are its own."""
    return f"key-{key.prefix}"


def _form_of(sent: PackAsked) -> PackForm:
    """Return the page's form filled in with what was sent: one set of rules."""
    data = {
        **{
            name: getattr(sent, name) or ""
            for name in ("title", "purpose", "audience", "author_line", "recommendation")
        },
        "on": sent.on.isoformat() if sent.on else "",
        "sections": list(sent.sections),
        "who_opens": ONLY_ME if sent.is_private else ANYONE,
    }
    return PackForm(data, entries=list(Entry.objects.public().filter(slug__in=sent.entries)), for_us={})


def answer_with(request: Request, pack: BriefingPack, *, status: int = 200) -> Any:
    return own_answer(request, dict(PackSerializer(pack).data), status=status)

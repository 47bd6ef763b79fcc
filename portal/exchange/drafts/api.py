"""Drafts in the API: a network's systems read and write its own, by key, as its people do on the editing site."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from casestudies.models import CaseStudy
from innovations.models import Innovation
from portal.accounts.keys import person_behind
from portal.accounts.models import NetworkKey
from portal.accounts.permissions import within_reach
from portal.catalogue.models import Entry
from portal.core.api import (
    Answering,
    NotAnswered,
    NotThere,
    OneOf,
    Operation,
    Problem,
    ReadList,
    Told,
    Where,
    check_match,
    etag_of,
    own_answer,
)
from portal.core.api.problems import SHOWN, NotAllowed, NotNow
from portal.core.api.shapes import read_sent
from portal.editing import services
from portal.editing.readiness import NotReady, missing_from
from portal.editing.workflow import progress_of, sent_back_because, status_of, with_workflow
from portal.exchange.drafts.shapes import CaseStudyDocument, HandedIn, InnovationDocument
from portal.exchange.drafts.taking import fetch_references, take
from portal.exchange.drafts.telling import document_of

DRAFTS = NetworkKey.Scope.DRAFTS.value
TAKEN = "Another entry has this address."


class DraftStandingSerializer(Told):
    """An entry of the key's network, and where it stands on its way to readers."""

    never_without = ("slug", "kind")

    slug = serializers.CharField()
    kind = OneOf(Entry.Kind)
    title = serializers.CharField()
    network = serializers.CharField(
        source="owner_network.code", help_text="The code of the network that keeps it true."
    )
    status = serializers.SerializerMethodField(help_text="As on the editing site: Draft, Submitted, Sent back.")
    is_published = serializers.BooleanField(source="live", help_text="Readers see this until a draft is approved.")
    has_draft = serializers.BooleanField(source="has_unpublished_changes")
    version = serializers.IntegerField(help_text="Counts publications.")
    page = Where(source="pk", help_text="Where people compare it and decide.")

    def get_status(self, entry: Any) -> str:
        return status_of(entry)

    def to_representation(self, entry: Any) -> Any:
        told = super().to_representation(entry)
        if "page" in told:
            told["page"] = f"{settings.SITE_URL}{reverse('editing:compare', args=[entry.pk])}"
        return told


class DraftSerializer(DraftStandingSerializer):
    missing = serializers.SerializerMethodField(help_text="What keeps it from being submitted; where, and what.")
    sent_back_because = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_missing(self, entry: Any) -> list[str]:
        return [str(one) for one in missing_from(entry.draft)]

    @extend_schema_field({"type": ["string", "null"]})
    def get_sent_back_because(self, entry: Any) -> str | None:
        return sent_back_because(progress_of(entry)) or None


class InnovationDraftSerializer(DraftSerializer):
    """An innovation's draft, whole, and where it stands."""

    draft = serializers.SerializerMethodField()
    never_without = (*DraftSerializer().fields, "draft")

    @extend_schema_field(InnovationDocument)
    def get_draft(self, entry: Any) -> Any:
        return document_of(entry.draft)


class CaseStudyDraftSerializer(DraftSerializer):
    """A case study's draft, whole, and where it stands."""

    draft = serializers.SerializerMethodField()
    never_without = (*DraftSerializer().fields, "draft")

    @extend_schema_field(CaseStudyDocument)
    def get_draft(self, entry: Any) -> Any:
        return document_of(entry.draft)


class DroppedSerializer(Told):
    """What became of a draft that was dropped: readers' version stays, an entry they never saw is gone."""

    slug = serializers.CharField()
    is_gone = serializers.BooleanField(help_text="False: a published entry, whose next draft begins from what is live.")


class DraftList(ReadList):
    """The entries of the key's network, drafts and published ones, by slug."""

    serializer_class = DraftStandingSerializer
    ordered_by = ("slug",)
    operations: ClassVar[dict[str, Operation]] = {"GET": Operation(DRAFTS)}

    def get_queryset(self) -> Any:
        rows = within_reach(Entry.objects.all(), person_behind(self.key)).select_related("owner_network")
        return with_workflow(rows).with_specific()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return own_answer(request, super().list(request, *args, **kwargs).data)


class OfOneDraft(Answering):
    """What is asked of one entry of the key's network. What another network has is as if it were not there."""

    model: ClassVar[type[Entry]]
    document: ClassVar[Any]
    told: ClassVar[type[DraftSerializer]]

    def entry(self, slug: str, *, for_update: bool = False) -> Any:
        """Return the entry with this slug in the key's network, or None."""
        rows = within_reach(self.model._default_manager.all(), self.person)
        if for_update:
            # The row that both kinds have as well: it names the latest draft, and a row that is not locked
            # is read as it was before the wait.
            rows = rows.select_for_update(of=("self", "entry_ptr"))
        return rows.filter(slug=slug).first()

    def known(self, slug: str, **more: Any) -> Any:
        entry = self.entry(slug, **more)
        if entry is None:
            text = f"Your network has no {self.model._meta.verbose_name} “{slug[:SHOWN]}”."
            raise NotThere([Problem("slug", text, "Take one from /api/v1/drafts/.")])
        return entry

    @property
    def person(self) -> Any:
        return person_behind(self.key)

    def state_of(self, entry: Any) -> dict[str, Any]:
        entry.draft = services.draft_of(entry)
        return dict(self.told(entry).data)


class OneDraft(OfOneDraft):
    """One entry's draft. A program that sends the same again changes nothing, and need not have read it."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "put", "delete"]

    def get(self, request: Request, slug: str) -> Any:
        return own_answer(request, self.state_of(self.known(slug)))

    def put(self, request: Request, slug: str) -> Any:
        document = read_sent(request, self.document)
        try:
            with transaction.atomic():
                is_new = self._write(request, slug, document)
        except services.NotAllowed as problem:
            raise NotNow([Problem("draft", str(problem), "See its status.")]) from problem
        except IntegrityError as problem:  # somebody was quicker by a moment
            raise NotNow([Problem("slug", TAKEN, "Choose other words.")]) from problem
        return own_answer(request, self.state_of(self.known(slug)), status=201 if is_new else 200)

    def delete(self, request: Request, slug: str) -> Any:
        try:
            with transaction.atomic():
                entry = self.known(slug, for_update=True)
                check_match(request, etag_of(self.state_of(entry)))
                is_gone = services.drop_draft(entry=entry, by=self.person)
        except services.NotAllowed as problem:
            raise NotNow([Problem("draft", str(problem), "See its status.")]) from problem
        return own_answer(request, dict(DroppedSerializer({"slug": slug, "is_gone": is_gone}).data))

    def _write(self, request: Request, slug: str, document: Any) -> bool:
        """Write what was sent as the draft, unless it says the same; return whether the entry is new."""
        entry = self.entry(slug, for_update=True)
        if entry is None:
            check_match(request, None)
            if Entry.objects.filter(slug=slug).exists():
                raise NotNow([Problem("slug", TAKEN, "Choose other words.")])
            draft, before, etag = self.model(slug=slug, owner_network=self.key.network), None, None
        else:
            # An entry that has no draft stands for it: what it says now is read before it is written.
            etag, draft = etag_of(self.state_of(entry)), entry.draft
            before = document_of(draft)
        take(draft, document, fetch_references(document, self.model, self.person))
        if before != document_of(draft):
            if entry:
                check_match(request, etag)
            services.save_draft(draft=draft, by=self.person)
        return entry is None


class SubmitDraft(OfOneDraft):
    """Hand a draft to the network's reviewers. One that was handed in before stays so."""

    http_method_names: ClassVar[list[str]] = ["post"]

    def post(self, request: Request, slug: str) -> Any:
        sent = read_sent(request, HandedIn)
        try:
            with transaction.atomic():
                entry = self.known(slug, for_update=True)
                if not progress_of(entry).step:  # submitted before: asked again, it is so already
                    check_match(request, etag_of(self.state_of(entry)))
                    services.submit(entry=entry, by=self.person, reason=sent.why or "")
        except NotReady as problem:
            fix = "Write it, then submit again."
            raise NotNow([Problem(one.where, one.what, fix) for one in problem.missing]) from problem
        except services.WhyMissing as problem:
            raise NotAnswered([Problem("why", str(problem), "Give it in one or two sentences.")]) from problem
        except services.NotAllowed as problem:
            raise NotAllowed([Problem("draft", str(problem), "See its status, and the key’s scopes.")]) from problem
        return own_answer(request, self.state_of(self.known(slug)))


def _operations(document: Any, told: type[DraftSerializer]) -> dict[str, Operation]:
    return {
        "GET": Operation(DRAFTS, told=told),
        "PUT": Operation(DRAFTS, told=told, sent=document, makes=True, matched=True),
        "DELETE": Operation(DRAFTS, told=DroppedSerializer, matched=True),
    }


class InnovationDraftOne(OneDraft):
    """An innovation of the key's network as it is being written: one document, the same to read and to write."""

    model, document, told = Innovation, InnovationDocument, InnovationDraftSerializer
    operations: ClassVar[dict[str, Operation]] = _operations(document, told)


class CaseStudyDraftOne(OneDraft):
    """A case study of the key's network as it is being written: one document, the same to read and to write."""

    model, document, told = CaseStudy, CaseStudyDocument, CaseStudyDraftSerializer
    operations: ClassVar[dict[str, Operation]] = _operations(document, told)


class InnovationDraftSubmit(SubmitDraft):
    """Hand an innovation's draft to the network's reviewers."""

    model, told = Innovation, InnovationDraftSerializer
    operations: ClassVar[dict[str, Operation]] = {"POST": Operation(DRAFTS, told=told, sent=HandedIn, matched=True)}


class CaseStudyDraftSubmit(SubmitDraft):
    """Hand a case study's draft to the network's reviewers."""

    model, told = CaseStudy, CaseStudyDraftSerializer
    operations: ClassVar[dict[str, Operation]] = {"POST": Operation(DRAFTS, told=told, sent=HandedIn, matched=True)}

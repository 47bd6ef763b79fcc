"""The screens of one kind of entry."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from modelcluster.models import get_all_child_relations
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    IndexView,
    LockView,
    RevisionsUnscheduleView,
    SnippetViewSet,
    UnlockView,
)

from portal.accounts.permissions import Action, may, within_reach
from portal.catalogue.changes import changes_between
from portal.catalogue.models import EntryChange
from portal.catalogue.services import record_change
from portal.core.formatting import format_date, format_moment
from portal.editing import services
from portal.editing.forms import ADDRESS_TAKEN, is_address_taken
from portal.editing.lookalikes import Lookalike, lookalikes_of
from portal.editing.readiness import NotReady
from portal.editing.workflow import status_of, with_workflow

NOT_FOR_ROLE = "Your role does not change what is published. Ask an editor of the entry’s network to."
TOLD = {
    "submit": services.SUBMITTED,
    "cancel-workflow": services.TAKEN_BACK,
}


class _Saving:
    """Write saves into the trail; hand in only what could be published, and say what is missing otherwise."""

    object: Any
    request: Any

    def form_valid(self, form: Any) -> Any:
        """Save, unless somebody took the address between the check and the writing: then say so beside it."""
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except IntegrityError:
            if not is_address_taken(form.cleaned_data["slug"], but_by=form.instance):
                raise
            form.add_error("slug", ADDRESS_TAKEN)
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined]

    def save_instance(self) -> Any:
        saved = super().save_instance()  # type: ignore[misc]
        if not self.request.POST.get("overwrite_revision_id"):
            action = "created" if self.view_name == "create" else "edited"  # type: ignore[attr-defined]
            record_change(entry=saved, by=self.request.user, action=action, origin="screen")
        return saved

    def submit_action(self) -> None:
        try:
            services.submit(entry=self.object, by=self.request.user)
        except NotReady as problem:
            self.is_refused = True
            for missing in problem.missing:
                messages.warning(self.request, f"Not submitted. {missing}")
        except services.WhyMissing:
            self.says_why_next = True
        except services.NotAllowed as problem:
            self.is_refused = True
            messages.error(self.request, f"Not submitted. {problem}")

    def restart_workflow_action(self) -> None:
        """What was sent back goes on where it was: Wagtail would begin anew without looking at it."""
        self.submit_action()

    def get_success_message(self, instance: Any = None) -> str | None:
        if getattr(self, "is_refused", False):
            return "Saved as a draft."
        if getattr(self, "says_why_next", False):
            return "Saved, not submitted yet. Read what changes, say why below, then submit it."
        told: str | None = TOLD.get(self.action) or super().get_success_message(instance)  # type: ignore[misc,attr-defined]
        return told

    def get_success_url(self) -> str:
        if getattr(self, "is_refused", False):
            return str(self.get_edit_url())  # type: ignore[attr-defined]
        if getattr(self, "says_why_next", False):
            return f"{reverse('editing:compare', args=[self.object.pk])}#submit"
        return str(super().get_success_url())  # type: ignore[misc]


class AddView(_Saving, CreateView):
    """A new entry is first saved by hand: saved by itself, its address would be that of half a title."""

    def setup(self, *args: Any, **kwargs: Any) -> None:
        super().setup(*args, **kwargs)
        self.autosave_enabled = False


class ChangeView(_Saving, EditView):
    """A draft that moved on since the form was opened is not overwritten unread: both texts are shown first.

    That page doesn't save itself, or it would do at once what it asks about.
    """

    clash: Any = None

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Whoever may read and not change is told so before they have typed anything."""
        if not may(request.user, Action.CHANGE, self.object):
            messages.info(request, NOT_FOR_ROLE)
            return redirect("editing:compare", self.object.pk)
        return super().get(request)

    @transaction.atomic
    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        services.hold(self.object)
        return super().post(request, *args, **kwargs)

    def is_valid(self, form: Any) -> bool:
        if not self.expects_json_response and self._is_stale():
            self.produced_error_code = "invalid_revision"
            self.produced_error_message = (
                "Somebody saved this draft after you opened it, so yours was not saved. Your words are still in the "
                "form below. See what differs, take over what should stay, and save again."
            )
            self.autosave_enabled = False
            if form.is_valid():
                saved = services.draft_of(type(self.object)._default_manager.get(pk=self.object.pk))
                self.clash = changes_between(saved, form.save(commit=False))
            return False
        is_valid = bool(super().is_valid(form))
        if getattr(self, "produced_error_code", "") == "invalid_revision":
            self.produced_error_message = "Somebody saved this draft after you opened it. Save yours to see both."
        return is_valid

    def form_invalid(self, form: Any) -> Any:
        answer = super().form_invalid(form)
        if self.clash is not None:
            answer.status_code = HTTPStatus.CONFLICT
        return answer

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return {**super().get_context_data(**context), "clash": self.clash, "lookalikes": self._lookalikes()}

    def _lookalikes(self) -> list[Lookalike]:
        """Warn of what may be here already while it can still be left, not only on the page that decides."""
        is_new = self.request.method == "GET" and not self.live_object.first_published_at
        return lookalikes_of(self.object, for_person=self.request.user) if is_new else []

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [*super().header_more_buttons, *_own_buttons(self.object)]

    def _is_stale(self) -> bool:
        """Say whether somebody else, or a system by one's key, saved since the form was opened; autosaves are no clash.

        Autosave asks Wagtail's own question, by the revision it overwrites.
        """
        try:
            opened = parse_datetime(self.request.POST.get("loaded_revision_created_at", ""))
        except ValueError:
            opened = None
        if opened is None:
            return bool(self.is_out_of_date)
        since = self.object.revisions.filter(created_at__gt=opened)
        by_systems = EntryChange.objects.filter(entry=self.object, origin=EntryChange.Origin.API, at__gt=opened)
        return bool(since.exclude(user=self.request.user).exists() or by_systems.exists())


class _Revert:
    """Bring back a version whose figures may have other row ids by now, or none, and write it into the trail."""

    def save_instance(self) -> Any:
        saved = super().save_instance()  # type: ignore[misc]
        of = f"As it was on {format_moment(self.revision.created_at)}."  # type: ignore[attr-defined]
        record_change(entry=saved, by=self.request.user, action="restored", origin="screen", reason=of)  # type: ignore[attr-defined]
        return saved

    def get_object(self, queryset: Any = None) -> Any:
        draft = super().get_object(queryset)  # type: ignore[misc]
        for relation in get_all_child_relations(draft):
            name = relation.get_accessor_name()
            rows = list(getattr(draft, name).all())
            theirs = relation.related_model.objects.filter(pk__in=[row.pk for row in rows])
            known = set(theirs.values_list("pk", flat=True))
            for row in rows:
                if row.pk not in known:
                    row.pk, row._state.adding = None, True
            setattr(draft, name, rows)
        return draft


class LockAndSay(LockView):
    def perform_operation(self) -> None:
        was_locked = self.object.locked
        super().perform_operation()
        if not was_locked:
            record_change(entry=self.object, by=self.request.user, action="locked", origin="screen")


class UnlockAndSay(UnlockView):
    def perform_operation(self) -> None:
        was_locked = self.object.locked
        super().perform_operation()
        if was_locked:
            record_change(entry=self.object, by=self.request.user, action="unlocked", origin="screen")


class UnscheduleAndSay(RevisionsUnscheduleView):
    def user_has_permission(self, permission: str) -> bool:
        """Ask about this entry: in general nobody publishes, so that Wagtail offers no way past the workflow."""
        return may(self.request.user, Action.PUBLISH, self.object)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        was_scheduled = self.revision.approved_go_live_at
        answer = super().post(request, *args, **kwargs)
        if was_scheduled:
            record_change(entry=self.object, by=request.user, action="unscheduled", origin="screen")
        return answer

    def get_next_url(self) -> str:
        return reverse("editing:compare", args=[self.object.pk])

    def get_success_message(self) -> str:
        return "Taken off the schedule. It is a draft again, to be submitted when it is ready."


def _review_due(entry: Any) -> str:
    return format_date(entry.next_review_on) if entry.next_review_on else "Not stated"


def _own_buttons(entry: Any) -> list[Button]:
    """What can be had of an entry beyond Wagtail's own screens."""
    addresses = {name: reverse(f"editing:{name}", args=[entry.pk]) for name in ("compare", "brief", "trail")}
    return [
        Button("Compare with what readers see", url=addresses["compare"], icon_name="view", priority=40),
        Button("Two-page brief (PDF)", url=addresses["brief"], icon_name="download", priority=50),
        Button("Whole trail", url=addresses["trail"], icon_name="history", priority=60),
    ]


class ListView(IndexView):
    """Without the boxes that choose rows for Wagtail's bulk actions: there are none here."""

    @cached_property
    def columns(self) -> list[Any]:
        return [column for column in super().columns if column.name != "bulk_actions"]

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        return [*super().get_list_more_buttons(instance), *_own_buttons(instance)]


class EntryViewSet(SnippetViewSet):
    """Lists, forms, history and comparison of one kind of entry; each kind names its model and form."""

    index_view_class = ListView
    add_view_class = AddView
    edit_view_class = ChangeView
    lock_view_class = LockAndSay
    unlock_view_class = UnlockAndSay
    revisions_unschedule_view_class = UnscheduleAndSay
    edit_template_name = "editing/form.html"
    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_reference_index = False
    search_backend_name = None
    search_fields = ("title", "other_names__name", "summary")
    list_display = (
        "title",
        Column("status", label="Where it stands", accessor=status_of),
        Column("owner_network", label="Network", sort_key="owner_network__name"),
        Column("next_review_on", label="Review due", accessor=_review_due, sort_key="next_review_on"),
        DateColumn("latest_revision.created_at", label="Changed", sort_key="latest_revision__created_at"),
    )
    list_filter = ("live", "has_unpublished_changes", "owner_network")
    ordering = ("title",)
    list_per_page = 25
    list_export = ()
    add_to_admin_menu = True

    @property
    def url_namespace(self) -> str:
        return str(self.model.__name__).lower()

    @property
    def revisions_revert_view_class(self) -> Any:
        base = super().revisions_revert_view_class
        return type("RevertView", (_Revert, base), {"view_name": "revisions_revert"})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any, Any]:
        entries = with_workflow(within_reach(self.model.objects.all(), request.user))
        return entries.select_related("owner_network", "latest_revision")

    def get_chooser_admin_url_namespace(self) -> str:
        return f"choose_{self.url_namespace}"

    def get_chooser_admin_base_path(self) -> str:
        return f"choose/{self.url_namespace}"

"""The editing site's menu, choosers and sources."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.html import format_html, format_html_join
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.action_menu import (
    CancelWorkflowMenuItem,
    PublishMenuItem,
    RestartWorkflowMenuItem,
    SubmitForModerationMenuItem,
    UnpublishMenuItem,
)

from portal.accounts.permissions import Action, may
from portal.adoption.models import ConfirmationPeriod
from portal.catalogue.models import Synonyms
from portal.editing.choosers import CHOOSERS
from portal.editing.forms import EvidenceForm
from portal.evidence.models import Evidence
from portal.webhooks.services import keeps_webhooks

OWN_MENU = frozenset(
    {
        "start",
        "waiting",
        "adoption",
        "innovations",
        "case-studies",
        "imports",
        "evidence",
        "strength-rule",
        "same-words",
        "keys",
        "webhooks",
        "people",
    }
)


class EvidenceViewSet(ModelViewSet):
    """Sources, shared by all networks."""

    model = Evidence
    url_prefix = "evidence"
    url_namespace = "sources"
    icon = "doc-full"
    menu_label = "Evidence"
    menu_order = 120
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ("title", "publisher", "published", "type")
    list_filter = ("type", "independence")
    list_export = ()
    list_per_page = 25
    search_fields = ("title", "publisher", "doi", "url")
    add_to_reference_index = False

    def get_form_class(self, for_update: bool = False) -> type[EvidenceForm]:
        return EvidenceForm


class SynonymsViewSet(ModelViewSet):
    """Words that mean the same when readers look for entries; publishers change them."""

    model = Synonyms
    url_prefix = "same-words"
    url_namespace = "same_words"
    menu_name = "same-words"
    icon = "list-ul"
    menu_label = "Same words"
    menu_order = 130
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ("__str__", "in_use")
    list_export = ()
    list_per_page = 50
    form_fields = ("key", "terms", "why", "in_use")
    add_to_reference_index = False


class PeriodsViewSet(ModelViewSet):
    """For how long what was said of adoption holds unconfirmed; a new period is a new row, from a day on."""

    model = ConfirmationPeriod
    url_prefix = "confirmation-periods"
    url_namespace = "confirmation_periods"
    menu_name = "confirmation-periods"
    icon = "date"
    menu_label = "Confirmation periods"
    menu_order = 140
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ("__str__", "reviewed_on", "why")
    list_export = ()
    form_fields = ("valid_from", "months", "reviewed_on", "why")
    add_to_reference_index = False


@hooks.register("insert_global_admin_css")
def add_own_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/editing.css"))


@hooks.register("insert_global_admin_js")
def add_own_script() -> str:
    scripts = [(static(f"portal/{name}.js"),) for name in ("editing", "session")]
    return format_html_join("", '<script src="{}" type="module"></script>', scripts)


@hooks.register("register_admin_viewset")
def register_evidence() -> ModelViewSet:
    return EvidenceViewSet("evidence")


@hooks.register("register_admin_viewset")
def register_synonyms() -> ModelViewSet:
    return SynonymsViewSet("same_words")


@hooks.register("register_admin_viewset")
def register_periods() -> ModelViewSet:
    return PeriodsViewSet("confirmation_periods")


@hooks.register("register_admin_viewset")
def register_choosers() -> list[Any]:
    return list(CHOOSERS)


@hooks.register("register_admin_menu_item")
def register_start() -> MenuItem:
    return MenuItem("Start", reverse_lazy("editing:start"), name="start", icon_name="home", order=1)


@hooks.register("register_admin_menu_item")
def register_waiting() -> MenuItem:
    return MenuItem("Waiting for me", reverse_lazy("editing:waiting"), name="waiting", icon_name="tasks", order=2)


@hooks.register("register_admin_menu_item")
def register_strength_rule() -> MenuItem:
    address = reverse_lazy("editing:strength_rules")
    return MenuItem("Strength rule", address, name="strength-rule", icon_name="glasses", order=130)


@hooks.register("register_admin_menu_item")
def register_adoption() -> MenuItem:
    return MenuItem("Adoption", reverse_lazy("editing:adoption"), name="adoption", icon_name="group", order=3)


class KeysMenuItem(MenuItem):
    """For those who may make keys."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, Action.KEEP_KEYS)


@hooks.register("register_admin_menu_item")
def register_keys() -> MenuItem:
    return KeysMenuItem("Keys to the API", reverse_lazy("editing:keys"), name="keys", icon_name="key", order=140)


class PeopleMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, Action.INVITE)


@hooks.register("register_admin_menu_item")
def register_people() -> MenuItem:
    return PeopleMenuItem("People", reverse_lazy("editing:people"), name="people", icon_name="group", order=135)


class WebhooksMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return keeps_webhooks(request.user)


@hooks.register("register_admin_menu_item")
def register_webhooks() -> MenuItem:
    return WebhooksMenuItem("Webhooks", reverse_lazy("editing:webhooks"), name="webhooks", icon_name="link", order=150)


@hooks.register("construct_main_menu", order=999)
def keep_own_menu(request: HttpRequest, items: list[Any]) -> None:
    """Show what this site uses; Wagtail's pages, images, reports and settings are not part of it."""
    items[:] = [item for item in items if item.name in OWN_MENU]


class Submit(SubmitForModerationMenuItem):
    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), "label": "Submit for review"}


class TakeBack(CancelWorkflowMenuItem):
    label = "Take back"


OWN_ITEMS = {SubmitForModerationMenuItem: Submit(order=60), CancelWorkflowMenuItem: TakeBack(order=40)}


@hooks.register("construct_snippet_action_menu", order=999)
def keep_to_the_workflow(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Nobody publishes past the workflow; to withdraw has a page of its own. The rest is in this site's words."""
    others = (PublishMenuItem, UnpublishMenuItem, RestartWorkflowMenuItem)
    items[:] = [OWN_ITEMS.get(type(item), item) for item in items if not isinstance(item, others)]

"""Wagtail's questions about permission, handed on to the permission function."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from portal.accounts.models import User
from portal.accounts.permissions import Action, has_role, may, may_change_evidence, people_who_may, within_reach
from portal.adoption.models import ConfirmationPeriod
from portal.catalogue.models import Entry, Synonyms
from portal.evidence.models import Evidence
from portal.organisations.models import Organisation

ACTION_OF = {
    "view": Action.VIEW,
    "add": Action.ADD,
    "change": Action.CHANGE,
    "delete": Action.DELETE,
    "lock": Action.LOCK,
    "unlock": Action.LOCK,
    "publish": Action.PUBLISH,
}


class EntryPolicy(BasePermissionPolicy):
    """Drafts are for their own network. Nobody publishes but through the workflow.

    Wagtail offers to publish past the workflow to whoever may publish at all: so the question
    without an entry is answered no, and only what needs an entry (to withdraw it, to take back a
    date) is answered by role.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "publish" and may(user, ACTION_OF[action])

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return may(user, ACTION_OF[action], instance)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any, Any]:
        return within_reach(self.model._default_manager.all(), user, [ACTION_OF[action] for action in actions])

    def users_with_any_permission_for_instance(self, actions: Iterable[str], instance: Any) -> QuerySet[User]:
        people = User.objects.none()
        for action in actions:
            people |= people_who_may(ACTION_OF[action], instance)
        return people

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        return User.objects.filter(network_roles__isnull=False, is_active=True).distinct()


class ReferencePolicy(BasePermissionPolicy):
    """What all networks share and look up, such as organisations: editors see and choose, nobody changes it here."""

    may_do = frozenset({"view"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.may_do and has_role(user)

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        people = User.objects.filter(network_roles__isnull=False, is_active=True).distinct()
        return people if self.may_do & set(actions) else people.none()


class EvidencePolicy(ReferencePolicy):
    """A new source is anyone's to add who has a role."""

    may_do = frozenset({"view", "add", "change"})

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if action == "change":
            return may_change_evidence(user, instance)
        return self.user_has_permission(user, action)


class PublishersPolicy(ReferencePolicy):
    """Everyone with a role reads it; a change is public at once, so it is a publisher’s."""

    may_do = frozenset({"view", "add", "change"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return super().user_has_permission(user, action) and (action == "view" or may(user, Action.PUBLISH))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action)


def register() -> None:
    for model in (Entry, *Entry.__subclasses__()):
        register_permission_policy(model, EntryPolicy(model))
    register_permission_policy(Evidence, EvidencePolicy(Evidence))
    for model in (Synonyms, ConfirmationPeriod):
        register_permission_policy(model, PublishersPolicy(model))
    register_permission_policy(Organisation, ReferencePolicy(Organisation))

"""Who may do what to an entry. Every screen, file and message of the editing site asks here.

A role belongs to one network and reaches that network's entries; a publisher or administrator
reaches all. An entry without an owner network is reached by those alone. A system acts by a key for
the person who made it: in the key's network alone, and no further than its scopes. Where the settings
ask for a second factor, a role for all networks counts for nothing until its holder has one.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.accounts.models import NetworkKey, NetworkRole, User
from portal.catalogue.models import Entry, EntryChange
from portal.evidence.models import Evidence


class Action(StrEnum):
    """What can be done to an entry, drafts included."""

    VIEW = "view"
    ADD = "add"
    CHANGE = "change"
    CHANGE_PUBLISHED = "change_published"
    DELETE = "delete"
    LOCK = "lock"
    REVIEW = "review"
    PUBLISH = "publish"
    RECORD_ADOPTION = "record_adoption"
    VERIFY_ADOPTION = "verify_adoption"
    KEEP_KEYS = "keep_keys"
    INVITE = "invite"


_Role = NetworkRole.Role
_DRAFTING = frozenset({Action.VIEW, Action.ADD, Action.CHANGE, Action.RECORD_ADOPTION})
_EDITING = _DRAFTING | {Action.CHANGE_PUBLISHED, Action.DELETE, Action.VERIFY_ADOPTION, Action.KEEP_KEYS}
_REVIEWING = _EDITING | {Action.LOCK, Action.REVIEW, Action.INVITE}
MAY: dict[str, frozenset[Action]] = {
    _Role.CONTRIBUTOR: _DRAFTING,
    _Role.EDITOR: _EDITING,
    _Role.REVIEWER: _REVIEWING,
    _Role.PUBLISHER: _REVIEWING | {Action.PUBLISH},
    _Role.ADMINISTRATOR: _REVIEWING | {Action.PUBLISH},
}
ROLES_IN_ORDER = [str(role) for role in MAY]
FOR_ALL_NETWORKS = frozenset({_Role.PUBLISHER, _Role.ADMINISTRATOR})
IN_A_NETWORK = frozenset({_Role.CONTRIBUTOR, _Role.EDITOR, _Role.REVIEWER})
_Scope = NetworkKey.Scope
BY_KEY: Mapping[str, frozenset[Action]] = {
    _Scope.DRAFTS: frozenset({Action.VIEW, Action.ADD, Action.CHANGE, Action.CHANGE_PUBLISHED, Action.DELETE}),
    _Scope.ADOPTION: frozenset({Action.RECORD_ADOPTION}),
}
"""What each scope lets a system do. Nobody reviews, publishes, verifies or makes keys by a key."""
Entries = TypeVar("Entries", bound="QuerySet[Any, Any]")


def roles_of(person: Any) -> dict[int | None, str]:
    """Return a person's role by network; under None the one for all networks. One query a request."""
    if not (isinstance(person, User) and person.is_active):
        return {}
    if not hasattr(person, "_role_by_network"):
        given = dict(person.network_roles.values_list("network_id", "role"))
        held_back = FOR_ALL_NETWORKS if lacks_second_factor(person, given) else frozenset()
        person._role_by_network = {network: role for network, role in given.items() if role not in held_back}  # type: ignore[attr-defined]
    roles: dict[int | None, str] = person._role_by_network  # type: ignore[attr-defined]
    return roles


def lacks_second_factor(person: Any, given: Mapping[Any, str] | None = None) -> bool:
    """Say whether a person has a role that counts for nothing until they set up a second factor."""
    if not (settings.MFA_REQUIRED and isinstance(person, User)):
        return False
    roles = given.values() if given is not None else person.network_roles.values_list("role", flat=True)
    return bool(FOR_ALL_NETWORKS & set(roles)) and not has_second_factor(person)


def has_second_factor(person: User) -> bool:
    factors = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user=person, type__in=factors).exists()


def reach_of(person: Any) -> dict[int | None, frozenset[Action]]:
    """Return what a person may do, by network; under None what they may in all networks."""
    reach = {network: MAY[role] for network, role in roles_of(person).items()}
    key: NetworkKey | None = getattr(person, "through_key", None)
    if not reach or key is None:
        return reach
    own = reach.get(key.network_id, frozenset()) | reach.get(None, frozenset())
    by_key = frozenset().union(*(BY_KEY.get(scope, frozenset()) for scope in key.scopes))
    return {key.network_id: own & by_key}


def origin_of(person: Any) -> EntryChange.Origin:
    """Return from where a person acts, as the trail says it: on screen, or by a key through the API."""
    return EntryChange.Origin.API if getattr(person, "through_key", None) else EntryChange.Origin.SCREEN


def has_role(person: Any) -> bool:
    return bool(roles_of(person))


def may(person: Any, action: Action, entry: Entry | None = None) -> bool:
    """Say whether a person may do this to the entry; without one, to some entry.

    `entry` is a database row or a draft of it: both have the row's owner network, because drafts
    don't carry one of their own.
    """
    reach = reach_of(person)
    if entry is None:
        return any(action in actions for actions in reach.values())
    if action == Action.CHANGE and entry.first_published_at:
        action = Action.CHANGE_PUBLISHED
    if action == Action.DELETE and entry.first_published_at:
        return False
    networks = {None, entry.owner_network_id} if entry.owner_network_id else {None}
    return any(action in reach[network] for network in networks & reach.keys())


def may_change_evidence(person: Any, evidence: Evidence) -> bool:
    """Sources are shared. Of one that published entries cite, a change is public at once: a publisher's."""
    if evidence.entry_links.filter(entry__live=True).exists():
        return may(person, Action.PUBLISH)
    return has_role(person)


def may_put_rule_in_force(person: Any) -> bool:
    """A version of the strength rule changes what every network's entries say: it is for those who publish in all."""
    return None in networks_where(person, [Action.PUBLISH])


def roles_given_by(person: Any, network: int | None) -> set[str]:
    """Return the roles that a person may give in a network, or (None) in all networks: none above a reviewer's own."""
    networks = networks_where(person, [Action.INVITE])
    if network is not None:
        return set(IN_A_NETWORK) if {network, None} & networks else set()
    return set(FOR_ALL_NETWORKS) if None in networks and roles_of(person)[None] == _Role.ADMINISTRATOR else set()


def accounts_to_close(person: Any) -> "QuerySet[User]":
    """Return the accounts that a person may close and open again: never their own.

    Closing ends every role at once: so it is for administrators, and for whoever may give each of the roles there.
    """
    networks = networks_where(person, [Action.INVITE])
    others = User.objects.exclude(pk=person.pk) if networks else User.objects.none()
    if roles_given_by(person, None):
        return others
    given = Q(role__in=IN_A_NETWORK)
    if None not in networks:
        given &= Q(network__in=networks)
    roles = NetworkRole.objects.filter(user=OuterRef("pk"))
    return others.filter(Exists(roles.filter(given)), ~Exists(roles.exclude(given)))


def may_read_account_trail(person: Any) -> bool:
    return roles_of(person).get(None) == _Role.ADMINISTRATOR


def may_change_contacts(person: Any) -> bool:
    """Contacts belong to organisations, not to one network's entries: whoever verifies adoption anywhere may."""
    return may(person, Action.VERIFY_ADOPTION)


def networks_where(person: Any, actions: Iterable[Action]) -> set[int | None]:
    """Return the networks in which a person may do one of these; None among them stands for all."""
    wanted = set(actions)
    return {network for network, actions in reach_of(person).items() if wanted & actions}


def within_reach(entries: Entries, person: Any, actions: Iterable[Action] = (Action.VIEW,)) -> Entries:
    """Keep the entries to which a person may do one of these things."""
    networks = networks_where(person, actions)
    if None in networks:
        return entries
    return entries.filter(owner_network__in=networks) if networks else entries.none()


def people_who_may(action: Action, entry: Entry) -> "QuerySet[User]":
    """Return the active people who may do this to the entry, by role; whoever submitted it is among them."""
    if action == Action.CHANGE and entry.first_published_at:
        action = Action.CHANGE_PUBLISHED
    roles = [role for role, actions in MAY.items() if action in actions]
    reach = Q(network_roles__network__isnull=True)
    if entry.owner_network_id:
        reach |= Q(network_roles__network=entry.owner_network_id)
    return User.objects.filter(reach, network_roles__role__in=roles, is_active=True).distinct()

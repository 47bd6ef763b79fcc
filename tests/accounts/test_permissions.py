"""The table of roles: what each may do to a draft, to a published entry, in its own network and elsewhere."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.accounts.backends import NetworkRoleBackend
from portal.accounts.models import User
from portal.accounts.permissions import Action, has_role, may, people_who_may, within_reach
from portal.catalogue.models import Entry
from tests.factories import InnovationFactory, NetworkFactory, NetworkRoleFactory, UserFactory

pytestmark = pytest.mark.django_db

DRAFT, PUBLISHED = False, True
ALL = {"view", "add", "change", "delete", "lock", "review", "publish"}
# role: what it may do to a draft that was never published, and to a published entry, of its own network
TABLE = {
    "contributor": ({"view", "add", "change"}, {"view", "add"}),
    "editor": ({"view", "add", "change", "delete"}, {"view", "add", "change"}),
    "reviewer": (ALL - {"publish"}, ALL - {"publish", "delete"}),
    "publisher": (ALL, ALL - {"delete"}),
    "administrator": (ALL, ALL - {"delete"}),
}
EVERYWHERE = {"publisher", "administrator"}


@pytest.fixture
def own() -> Any:
    return NetworkFactory()


def person_with(role: str, network: Any) -> User:
    user = UserFactory()
    NetworkRoleFactory(user=user, role=role, network=None if role in EVERYWHERE else network)
    return User.objects.get(pk=user.pk)


def allowed(person: Any, entry: Entry) -> set[str]:
    return {action for action in ALL if may(person, Action(action), entry)}


@pytest.mark.parametrize("role", TABLE)
@pytest.mark.parametrize("published", [DRAFT, PUBLISHED])
def test_what_a_role_may_do_in_its_own_network(own: Any, role: str, published: bool) -> None:
    entry = InnovationFactory(owner_network=own, published=published)
    assert allowed(person_with(role, own), entry) == TABLE[role][published]


@pytest.mark.parametrize("role", TABLE)
@pytest.mark.parametrize("owned", [True, False])
def test_what_a_role_may_do_to_an_entry_of_another_network_or_of_none(own: Any, role: str, owned: bool) -> None:
    entry = InnovationFactory(owner_network=NetworkFactory() if owned else None)
    assert allowed(person_with(role, own), entry) == (ALL if role in EVERYWHERE else set())


def test_who_has_no_role_or_no_account_may_nothing(own: Any) -> None:
    entry = InnovationFactory(owner_network=own)
    gone = person_with("publisher", own)
    gone.is_active = False
    for person in (AnonymousUser(), UserFactory(), gone, None):
        assert not has_role(person)
        assert allowed(person, entry) == set()


def test_lists_hold_what_the_function_allows(own: Any) -> None:
    mine, other, none = (InnovationFactory(owner_network=network) for network in (own, NetworkFactory(), None))
    entries = Entry.objects.order_by("pk")
    assert {row.pk for row in within_reach(entries, person_with("editor", own))} == {mine.pk}
    assert {row.pk for row in within_reach(entries, person_with("publisher", own))} == {mine.pk, other.pk, none.pk}
    assert not within_reach(entries, UserFactory())
    assert not within_reach(entries, person_with("editor", own), [Action.REVIEW])


def test_who_hears_of_an_entry_is_who_may_do_it(own: Any) -> None:
    entry = InnovationFactory(owner_network=own)
    reviewer, publisher = person_with("reviewer", own), person_with("publisher", own)
    person_with("editor", own), person_with("reviewer", NetworkFactory())
    assert set(people_who_may(Action.REVIEW, entry)) == {reviewer, publisher}
    assert set(people_who_may(Action.PUBLISH, entry)) == {publisher}


def test_the_only_permission_django_knows_is_the_way_in(own: Any) -> None:
    backend, editor = NetworkRoleBackend(), person_with("editor", own)
    assert backend.has_perm(editor, "wagtailadmin.access_admin")
    assert not backend.has_perm(editor, "innovations.publish_innovation")
    assert not backend.has_perm(UserFactory(), "wagtailadmin.access_admin")
    assert backend.get_all_permissions(editor) == {"wagtailadmin.access_admin"}

"""People and what they may do."""

import factory
from factory.django import DjangoModelFactory

from portal.accounts.models import NetworkRole, SavedSearch, User
from tests.factories.organisations import NetworkFactory


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person-{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.nhs.uk")
    password = "!"  # nobody can sign in with it; tests use client.force_login


class NetworkRoleFactory(DjangoModelFactory[NetworkRole]):
    """An editor of a network, unless told otherwise."""

    class Meta:
        model = NetworkRole

    user = factory.SubFactory(UserFactory)
    network = factory.SubFactory(NetworkFactory)
    role = NetworkRole.Role.EDITOR


class SavedSearchFactory(DjangoModelFactory[SavedSearch]):
    class Meta:
        model = SavedSearch

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Search {n}")
    path = "/catalogue/"

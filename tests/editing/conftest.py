"""Two networks, their people, and an entry of the first with a draft that holds words nobody else may read."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import NetworkRole, User
from portal.catalogue.models import Entry
from portal.editing.services import draft_of
from portal.organisations.models import Organisation
from tests.factories import (
    InnovationFactory,
    NetworkFactory,
    NetworkRoleFactory,
    ThemeFactory,
    UserFactory,
    add_figure,
)

SECRET = "quokka"
"""A word of the draft that stands nowhere else."""


@dataclass
class Networks:
    """Who works where: the first network is the entries' own."""

    own: Organisation
    other: Organisation

    def person(self, role: str, *, network: Organisation | None = None, name: str = "") -> User:
        """Return a person with a role in the first network, or in none for publishers."""
        everywhere = role in (NetworkRole.Role.PUBLISHER, NetworkRole.Role.ADMINISTRATOR)
        user = UserFactory(**({"username": name} if name else {}))
        NetworkRoleFactory(user=user, role=role, network=None if everywhere else network or self.own)
        return User.objects.get(pk=user.pk)


@pytest.fixture
def networks() -> Networks:
    return Networks(own=NetworkFactory(name="First network"), other=NetworkFactory(name="Second network"))


@pytest.fixture
def editor(networks: Networks) -> User:
    return networks.person("editor", name="edith")


@pytest.fixture
def reviewer(networks: Networks) -> User:
    return networks.person("reviewer", name="rita")


@pytest.fixture
def publisher(networks: Networks) -> User:
    return networks.person("publisher", name="pauline")


@pytest.fixture
def entry(networks: Networks, editor: User) -> Entry:
    """A published innovation with a figure, and a draft of the editor's that is ready to be published."""
    innovation = InnovationFactory(
        published=True,
        title="Night rota app",
        owner_network=networks.own,
        where_it_may_not_work="Where nobody works nights.",
        themes=[ThemeFactory()],
    )
    add_figure(innovation, value=41000, label="Hours released", place_not_stated=True)
    innovation = type(innovation).objects.get(pk=innovation.pk)
    change_draft(innovation, by=editor, summary=f"Shows who is free at night, and finds the {SECRET}.")
    return type(innovation).objects.get(pk=innovation.pk)


def change_draft(entry: Any, *, by: User, figure: int | None = None, **fields: Any) -> Any:
    """Save a draft with these fields, and this value of its first figure, as the form does."""
    draft = draft_of(entry)
    for name, value in fields.items():
        setattr(draft, name, value)
    if figure is not None:
        rows = list(draft.figures.all())
        rows[0].value = figure
        draft.figures = rows
    return draft.save_revision(user=by, clean=False)


@pytest.fixture
def signed_in() -> Any:
    def sign_in(user: User | None) -> Client:
        client = Client()
        if user:
            client.force_login(user)
        return client

    return sign_in

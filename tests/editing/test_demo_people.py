"""The people that `bin/run` makes for trying the editing site out."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from innovations.models import Innovation
from portal.accounts.models import User
from portal.accounts.permissions import Action, has_role, may, within_reach
from portal.editing.management.commands.make_demo_people import NETWORK
from tests.factories import InnovationFactory, NetworkFactory, UserFactory

pytestmark = pytest.mark.django_db


def make() -> str:
    told = StringIO()
    call_command("make_demo_people", stdout=told)
    return told.getvalue()


def test_they_can_sign_in_with_what_was_printed() -> None:
    NetworkFactory(code=NETWORK)
    passwords = dict(re.findall(r"^  (\w+) +(\S+)", make(), re.MULTILINE))
    assert set(passwords) == {"editor", "reviewer", "publisher", "reader"}
    for name, password in passwords.items():
        assert Client().login(username=name, password=password)
    assert [name for name in passwords if has_role(User.objects.get(username=name))] == [
        "editor",
        "reviewer",
        "publisher",
    ]
    assert may(User.objects.get(username="publisher"), Action.PUBLISH)


def test_their_network_keeps_what_it_leads_and_nothing_else() -> None:
    network, other = NetworkFactory(code=NETWORK), NetworkFactory()
    led = InnovationFactory(published=True, title="Sleepio", lead_organisations=[network])
    InnovationFactory(published=True, lead_organisations=[other])
    InnovationFactory(published=True, lead_organisations=[network], owner_network=other)
    assert "keeps “Sleepio”: its editor can correct it." in make()
    editor = User.objects.get(username="editor")
    assert list(within_reach(Innovation.objects.all(), editor)) == [led]


def test_they_are_made_once_and_never_where_people_are() -> None:
    NetworkFactory(code=NETWORK)
    make()
    assert make() == ""
    User.objects.all().delete()
    UserFactory()
    assert make() == ""
    assert User.objects.count() == 1


def test_where_publishers_need_a_second_factor_theirs_gives_nothing_away_without_one(settings: Any) -> None:
    network = NetworkFactory(code=NETWORK)
    InnovationFactory(published=True, lead_organisations=[network])
    settings.MFA_REQUIRED = True
    assert "once they have a second factor" in make()
    assert not Innovation.objects.exclude(owner_network=None).exists()


def test_production_has_none() -> None:
    with override_settings(IS_PRODUCTION=True), pytest.raises(CommandError, match="invited"):
        make()
    assert not User.objects.exists()

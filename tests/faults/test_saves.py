"""Faults 3 and 4: a process is killed in the middle of saving or publishing an entry, at each of its statements."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from portal.accounts.models import User
from portal.catalogue.models import Entry
from portal.editing import services
from portal.editing.workflow import make_workflow
from tests.exchange.keys import System
from tests.factories import (
    InnovationFactory,
    MeasureFactory,
    NetworkFactory,
    NetworkRoleFactory,
    ThemeFactory,
    add_figure,
    cite,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Dying = Callable[..., Iterator[str]]


@pytest.fixture
def dying(child_environment: dict[str, str], checkout: Path, repeat: Callable[..., int]) -> Dying:
    """Do something over and over, killed one statement later each time, until it comes to its end."""

    def begin(action: str, *arguments: Any) -> Iterator[str]:
        command = [sys.executable, "-m", "tests.faults.dying_saves", action, *map(str, arguments)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, cwd=checkout, env=child_environment, **pipes) as process:  # type: ignore[call-overload]
            assert process.stdin
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            number, step = 1, repeat(5, 1)
            while True:
                process.stdin.write(f"{number}\n")
                process.stdin.flush()
                told = process.stdout.readline().strip()
                yield told
                if told != "died":
                    break
                number += step
            process.stdin.close()

    return begin


def every_row() -> dict[str, list[Any]]:
    """Return all that is in the database."""
    models = [model for model in apps.get_models() if model._meta.managed]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in models}


def test_fault_3_a_draft_is_there_whole_or_not_at_all(dying: Dying):
    system = System()
    MeasureFactory(key="hours-released", unit="hours")
    ThemeFactory(slug="banks")
    sent = json.dumps({"title": "Night rota app", "summary": "Shows who is free.", "themes": ["banks"]})
    before = every_row()
    ends = []

    for told in dying("begin_draft", "night-rota", system.key, sent):
        ends.append(told)
        if told == "died" and not Entry.objects.exists():
            assert _without(every_row(), "accounts.NetworkKey") == _without(before, "accounts.NetworkKey")
            continue
        draft = services.draft_of(Entry.objects.get())
        assert (draft.title, [theme.slug for theme in draft.themes.all()]) == ("Night rota app", ["banks"])
        break

    assert ends.count("died") > 3


def _without(rows: dict[str, list[Any]], label: str) -> dict[str, list[Any]]:
    """Leave out what is written beside: when a key was last used, what was looked for and not found."""
    return {name: told for name, told in rows.items() if name != label}


def test_fault_4_readers_see_the_old_version_or_the_new_one_never_a_part(dying: Dying):
    make_workflow()
    network = NetworkFactory()
    author, publisher = (
        User.objects.get(pk=NetworkRoleFactory(network=where, role=role).user.pk)
        for role, where in (("editor", network), ("publisher", None))
    )
    reviewer = User.objects.get(pk=NetworkRoleFactory(network=network, role="reviewer").user.pk)
    entry = InnovationFactory(
        published=True,
        title="Night rota",
        owner_network=network,
        themes=[ThemeFactory()],
        where_it_may_not_work="Days.",
    )
    cite(entry)
    add_figure(entry, value=41000, place_not_stated=True)
    draft = services.draft_of(entry)
    draft.title = "Quokka rota"
    revision = services.save_draft(draft=draft, by=author)
    services.submit(entry=Entry.objects.get(), by=author, reason="It has a new name.")
    services.approve(entry=Entry.objects.get(), by=reviewer, revision=revision.pk)
    address = Entry.objects.get().specific.get_absolute_url()
    before, page = every_row(), Client().get(address).content
    ends = []

    for told in dying("publish", entry.pk, revision.pk, publisher.pk):
        ends.append(told)
        live, found = Client().get(address), Client().get("/catalogue/", {"q": "quokka"}).content.decode()
        if told == "died" and Entry.objects.get().title == "Night rota":
            assert _without(every_row(), "catalogue.MissedSearch") == _without(before, "catalogue.MissedSearch")
            assert live.content == page
            assert "Quokka rota" not in found
            continue
        assert "Quokka rota" in live.content.decode()
        assert "Quokka" in found
        assert f"/innovations/{entry.slug}/" in found
        break

    assert ends.count("died") > 10

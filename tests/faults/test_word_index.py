"""Fault 59: the index of words is lost, damaged or stale, and killed while it is made anew."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from portal.catalogue.models import SearchText
from portal.editing import services
from portal.editing.services import draft_of
from tests.factories import InnovationFactory, NetworkFactory, NetworkRoleFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


LOSE: dict[str, list[str]] = {
    "sqlite": ["DROP TABLE catalogue_words"],
    "postgresql": [f"DROP INDEX catalogue_searchtext_{section}_words" for section in ("title", "summary", "body")],
}


def test_fault_59_a_lost_index_is_said_and_made_anew_while_the_site_runs(
    start_site: Any, child_environment: dict[str, str], checkout: Path, capsys: Any
) -> None:
    network = NetworkFactory()
    entry = InnovationFactory(published=True, title="Quokka rota", summary="Numbat wombat.", owner_network=network)
    draft = draft_of(entry)
    draft.title = "Secret bandicoot"
    services.save_draft(draft=draft, by=NetworkRoleFactory(network=network, role="editor").user)
    site = start_site(processes=1)
    address = f"/innovations/{entry.slug}/"
    assert address in found(site, "quokka")

    run(*LOSE[connection.vendor])
    if connection.vendor == "sqlite":
        status, headers, body = site.ask("/catalogue/?q=wombat")
        assert (status, headers["Retry-After"], "Try again in a minute" in body.decode()) == (503, "30", True)
        with pytest.raises(SystemExit):
            call_command("verify")
        assert "Search: the index is damaged" in capsys.readouterr().out
    else:
        assert address in found(site, "wombat")
    for path in ("/", address, "/catalogue/", "/api/v1/entries/"):
        assert site.status(path) == 200, path
    # Killed while it is made, it is as it was or whole.
    for statement in (4, 9):
        assert dies_making_it(child_environment, checkout, statement) == "died"
        assert site.status(f"/catalogue/?q=numbat&page=1&died={statement}") in (200, 400, 503)

    call_command("search_texts", verbosity=0)

    call_command("verify")
    assert address in found(site, "numbat")
    assert entry.slug in found(site, "quokka", "/catalogue.csv")
    assert entry.slug not in found(site, "bandicoot", "/catalogue.csv")


def test_fault_59_a_stale_index_is_named_and_mended(capsys: Any) -> None:
    entry = InnovationFactory(published=True, title="Quokka rota")
    SearchText.objects.filter(entry=entry).update(title="Of another day")
    with pytest.raises(SystemExit):
        call_command("verify")
    assert "Search: “Quokka rota” is not found by what readers see of it." in capsys.readouterr().out
    call_command("search_texts", verbosity=0)
    call_command("verify")


def found(site: Any, words: str, listed: str = "/catalogue/") -> str:
    status, _, body = site.ask(f"{listed}?q={words}")
    assert status == 200
    return str(body.decode())


def dies_making_it(environment: dict[str, str], checkout: Path, statement: int) -> str:
    command = [sys.executable, "-m", "tests.faults.dying_saves", "search_texts"]
    told = subprocess.run(
        command, cwd=checkout, env=environment, input=f"{statement}\n", stdout=subprocess.PIPE, text=True, check=True
    )
    return told.stdout.split()[-1]

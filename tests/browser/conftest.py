"""Browser tests run over the real entries, so that what is checked is what people get."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from playwright.sync_api import Page

from innovations.models import Innovation
from portal.accounts.models import NetworkRole
from portal.editing.workflow import make_workflow
from portal.exchange.loading import load_data_files
from portal.organisations.models import Organisation
from tests.browser.editors import OTHER, OWN, PASSWORD, SLUG, fill_sign_in
from tests.databases import keep, take_turn


@pytest.fixture
def real_site(transactional_db: None, checkout: Path, live_server: object, shared_folder: Path) -> None:
    """Put every entry the product ships into the live server's database.

    Each test begins with an empty one, so the first keeps a copy for the others: SQLite's own
    backup brings it back in a moment.
    """
    kept = shared_folder / "real-entries.sqlite3"
    connection.ensure_connection()
    with take_turn(kept):
        if kept.exists():
            with sqlite3.connect(kept) as source:
                source.backup(connection.connection)
            ContentType.objects.clear_cache()  # the copy may number them otherwise than what was there before
        else:
            load_data_files(checkout)
            keep(connection.connection, kept)


@pytest.fixture
def people(real_site: None) -> None:
    """An editor and a reviewer of one network, a reviewer of another, and a publisher; one entry is the network's."""
    make_workflow()
    for name, role, network in (
        ("edith", "editor", OWN),
        ("rita", "reviewer", OWN),
        ("olga", "reviewer", OTHER),
        ("pauline", "publisher", None),
    ):
        person = get_user_model().objects.create_user(name, f"{name}@example.nhs.uk", PASSWORD)
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        where = Organisation.objects.get(code=network) if network else None
        NetworkRole.objects.create(user=person, role=role, network=where)
    entry = Innovation.objects.get(slug=SLUG)
    entry.owner_network = Organisation.objects.get(code=OWN)
    entry.where_it_may_not_work = entry.where_it_may_not_work or "Where there is no signal."
    entry.save(update_fields=["owner_network"])


@pytest.fixture
def sign_in(people: None, open_page: Callable[..., Page]) -> Callable[..., Page]:
    def enter(name: str, **options: Any) -> Page:
        page = open_page(**options)
        page.goto("/editing/")
        fill_sign_in(page, name)
        return page

    return enter

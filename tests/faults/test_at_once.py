"""Faults 35, 36, 37 and 40: the same thing is done by many at the same moment."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from innovations.models import Innovation
from portal.accounts.models import User
from portal.briefings.models import BriefingPack
from portal.catalogue.models import Entry, EntryChange
from portal.editing import services
from portal.editing.services import draft_of
from portal.editing.workflow import make_workflow
from tests.editing.test_forms import posted
from tests.exchange.keys import System
from tests.factories import InnovationFactory, NetworkFactory, NetworkRoleFactory, ThemeFactory, cite
from tests.faults.site import Site, ask_for_pack

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ADDRESS = "/api/v1/drafts/innovations/night-rota/"


def at_once(how_many: int, do: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(how_many) as pool:
        return list(pool.map(do, range(how_many)))


def put(site: Site, key: str, title: str, **headers: str) -> tuple[int, str]:
    body = json.dumps({"title": title, "summary": "Shows who is free."})
    status, told, _ = site.ask(
        ADDRESS, method="PUT", body=body, authorization=f"Bearer {key}", content_type="application/json", **headers
    )
    return status, told.get("ETag", "")


def in_turn_of_threads(how_many: int, do: Callable[[int], Any]) -> list[Any]:
    """Do it in so many threads of this process at the same moment, each with a connection of its own."""
    start = Barrier(how_many)

    def one(number: int) -> Any:
        start.wait()
        try:
            return do(number)
        finally:
            connection.close()

    return at_once(how_many, one)


def test_fault_37_of_two_who_decide_at_once_one_decides(repeat):
    make_workflow()
    network = NetworkFactory()
    author, reviewer = (person(role, network) for role in ("editor", "reviewer"))
    publishers = [person("publisher", None) for _ in range(2)]
    for turn in range(repeat(2, 100)):
        entry = InnovationFactory(owner_network=network, themes=[ThemeFactory()], where_it_may_not_work="Days.")
        cite(entry)
        revision = services.save_draft(draft=draft_of(entry), by=author).pk
        services.submit(entry=entry, by=author)
        services.approve(entry=Entry.objects.get(pk=entry.pk), by=reviewer, revision=revision)
        rows = [Entry.objects.get(pk=entry.pk) for _ in publishers]

        def decide(number: int, rows: Any = rows, revision: int = revision) -> str:
            try:
                services.approve(entry=rows[number], by=publishers[number], revision=revision)
            except services.NotAllowed as refusal:
                return str(refusal)
            return "approved"

        told = sorted(in_turn_of_threads(2, decide))
        assert told == ["This draft waits for nobody. It was decided, taken back or never submitted.", "approved"], turn
        assert EntryChange.objects.filter(entry=entry, action="published").count() == 1


def test_fault_36_of_two_forms_sent_at_once_the_second_shows_both_texts(repeat):
    network = NetworkFactory()
    people = [person("editor", network) for _ in range(2)]
    entry = InnovationFactory(owner_network=network, themes=[ThemeFactory()])
    services.save_draft(draft=draft_of(entry), by=people[0])
    for turn in range(repeat(1, 50)):
        opened = [form_of(entry, who, f"Title {number} of {turn}") for number, who in enumerate(people)]

        told = sorted(in_turn_of_threads(2, lambda number, opened=opened: opened[number]()))

        assert told == [302, 409]


def form_of(entry: Any, who: User, title: str) -> Callable[[], int]:
    """Open the form as this person, and return how to send it with another title."""
    row = type(entry)._default_manager.get(pk=entry.pk)
    opened = row.latest_revision
    client = Client()
    client.force_login(who)
    form = posted(title=title, slug=row.slug, summary=row.summary, owner_network=row.owner_network_id)
    form |= {"loaded_revision_id": opened.pk, "loaded_revision_created_at": opened.created_at.isoformat()}
    address = reverse("innovation:edit", args=[entry.pk])
    return lambda: client.post(address, form).status_code


def person(role: str, network: Any) -> User:
    return User.objects.get(pk=NetworkRoleFactory(role=role, network=network).user.pk)


def test_fault_40_the_same_form_sent_twenty_times_at_once_is_one_draft_and_one_pack(start_site):
    system, entry = System(), InnovationFactory(published=True)
    site = start_site(processes=2)

    drafts = Counter(status for status, _ in at_once(20, lambda _: put(site, system.key, "Night rota")))
    packs = at_once(20, lambda _: ask_for_pack(site, entry))

    assert drafts[201] == 1
    assert set(drafts) <= {200, 201, 409, 412, 428}  # 200: it was there already, and nothing changed
    assert Innovation.objects.get(slug="night-rota").revisions.count() == 1
    assert {status for status, _, _ in packs} == {302}
    assert len({headers["Location"] for _, headers, _ in packs}) == 1
    assert BriefingPack.objects.count() == 1


def test_fault_35_of_two_editors_who_save_at_once_none_overwrites_the_other_unseen(start_site, repeat):
    system = System()
    site = start_site(processes=2)
    status, etag = put(site, system.key, "Title 0")
    assert status == 201
    lost = 0

    for turn in range(1, repeat(10, 500) + 1):
        answers = at_once(2, lambda who, turn=turn, etag=etag: put(site, system.key, f"{turn} {who}", if_match=etag))
        statuses = sorted(status for status, _ in answers)
        assert statuses == [200, 412], statuses
        kept = next(who for who, (status, _) in enumerate(answers) if status == 200)
        etag = answers[kept][1]
        lost += draft_of(Entry.objects.get(slug="night-rota")).title != f"{turn} {kept}"

    assert lost == 0

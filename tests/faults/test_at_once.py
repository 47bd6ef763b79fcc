"""Faults 35 and 40: the same thing is done by many at the same moment."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from innovations.models import Innovation
from portal.briefings.models import BriefingPack
from portal.catalogue.models import Entry
from portal.editing.services import draft_of
from tests.exchange.keys import System
from tests.factories import InnovationFactory
from tests.faults.site import Site
from tests.faults.test_database_faults import ask_for_pack

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

"""Packs by key: asked for, followed, stopped and downloaded, by the services and for the people of the pages."""

from typing import Any

import pytest
from django.test import Client

from portal.briefings.models import BriefingPack
from portal.catalogue.models import Entry
from tests.briefings.test_holders import get, make_ready
from tests.exchange.keys import System, errors_of
from tests.factories import InnovationFactory, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def system() -> System:
    InnovationFactory(published=True, slug="app", title="App")
    InnovationFactory(published=True, slug="rota")
    InnovationFactory(slug="draft")
    return System(scopes=["packs"])


def asked(**more: Any) -> dict[str, Any]:
    return {"title": "Options", "entries": ["rota", "app"], **more}


def token_of(answer: Any) -> str:
    return str(answer.json()["token"])


def test_a_pack_is_asked_for_followed_and_downloaded(system: System) -> None:
    made = system.ask("post", "packs/", asked(purpose="approval", on="2026-03-27"), status=201)
    told = made.json()
    assert (told["state"], told["entries"], told["files"]) == ("queued", ["rota", "app"], [])
    assert len(told["token"]) == 22
    address = f"packs/{told['token']}/"
    assert made["Location"].endswith(f"/api/v1/{address}")
    waiting = Client().get(f"/api/v1/{address}")
    assert (waiting.status_code, waiting["Retry-After"], waiting["Cache-Control"]) == (200, "2", "private, no-store")
    early = Client().get(f"/api/v1/{address}files/pdf/")
    assert (early.status_code, errors_of(early)) == (409, ["token"])
    make_ready(BriefingPack.objects.get())
    ready = Client().get(f"/api/v1/{address}")
    assert Client().get(f"/api/v1/{address}", headers={"if-none-match": ready["ETag"]}).status_code == 304
    kinds = {}
    for file in ready.json()["files"]:
        answer = get(Client(), file["url"].partition("8000")[2])
        kinds[file["format"]] = (answer.status_code, answer.body[:2])
    assert kinds == {"pdf": (200, b"%P"), "docx": (200, b"PK"), "xlsx": (200, b"PK"), "csv": (200, b"\xef\xbb")}
    assert Client().get(ready.json()["page_url"].partition("8000")[2]).status_code == 200
    assert Client().get(f"/api/v1/{address}files/exe/").status_code == 404


def test_the_same_pack_asked_for_again_is_the_same_pack(system: System) -> None:
    made = system.ask("post", "packs/", asked(), status=201)
    assert token_of(system.ask("post", "packs/", asked())) == token_of(made)
    assert token_of(system.ask("post", "packs/", asked(entries=["app"]), status=201)) != token_of(made)


def test_a_key_has_no_more_packs_under_way_than_a_person(system: System, settings: Any) -> None:
    settings.BRIEFINGS_MOST_WAITING = 1
    system.ask("post", "packs/", asked(), status=201)
    refused = system.ask("post", "packs/", asked(entries=["app"]), status=429)
    assert (errors_of(refused), refused["Retry-After"]) == (["entries"], "60")


def test_only_the_key_that_asked_for_a_pack_stops_it(system: System) -> None:
    address = f"packs/{token_of(system.ask('post', 'packs/', asked(), status=201))}/"
    assert errors_of(System(scopes=["packs"]).ask("post", f"{address}stop/", status=403)) == ["token"]
    assert system.ask("post", f"{address}stop/").json()["state"] == "cancelled"
    assert system.ask("post", f"{address}stop/").json()["state"] == "cancelled"
    system.ask("post", "packs/", asked(), status=201)


def test_a_private_pack_is_for_its_key_alone(system: System) -> None:
    made = system.ask("post", "packs/", asked(is_private=True), status=201)
    address = f"packs/{token_of(made)}/"
    make_ready(BriefingPack.objects.get())
    assert system.ask("get", address).json()["is_private"]
    assert b"".join(system.ask("get", f"{address}files/pdf/").streaming_content)
    for path in (address, f"{address}files/pdf/", f"{address}files/csv/"):
        assert errors_of(System(scopes=["packs"]).ask("get", path, status=404)) == ["token"]
        assert Client().get(f"/api/v1/{path}").status_code == 404
    assert token_of(System(scopes=["packs"]).ask("post", "packs/", asked(), status=201)) != token_of(made)


def test_a_pack_is_refused_with_every_reason(system: System) -> None:
    wrong = {"titel": "x", "entries": [], "purpose": "fun", "sections": ["none"], "on": "soon"}
    refused = system.ask("post", "packs/", wrong, status=400)
    assert sorted(errors_of(refused)) == ["entries", "on", "purpose", "sections.0", "titel", "title"]
    hidden = system.ask("post", "packs/", asked(entries=["app", "draft", "none"]), status=400)
    assert errors_of(hidden) == ["entries"]
    assert "draft, none" in hidden.text
    assert errors_of(system.ask("post", "packs/", asked(audience="nowhere"), status=400)) == ["audience"]
    assert not BriefingPack.objects.exists()


def test_a_pack_that_is_over_or_whose_file_is_lost_says_so(system: System) -> None:
    address = f"packs/{token_of(system.ask('post', 'packs/', asked(), status=201))}/"
    pack = make_ready(BriefingPack.objects.get())
    pack.file.storage.delete(pack.file.name)
    assert errors_of(system.ask("get", f"{address}files/pdf/", status=409)) == ["token"]
    assert "was lost" in system.ask("get", address).json()["problem"]
    BriefingPack.objects.update(state="expired", error="", file="")
    assert errors_of(system.ask("get", address, status=410)) == ["token"]


def test_a_key_has_its_pack_issued_anew_when_an_entry_has_changed(system: System) -> None:
    first = token_of(system.ask("post", "packs/", asked(), status=201))
    make_ready(BriefingPack.objects.get())
    assert errors_of(system.ask("post", f"packs/{first}/issues/", status=409)) == ["token"]
    entry = Entry.objects.get(slug="app").specific
    entry.summary = "New words."
    entry.save()
    publish(entry)
    second = system.ask("post", f"packs/{first}/issues/", status=201).json()
    assert (second["issue"], second["state"]) == (2, "queued")
    told = system.ask("get", f"packs/{first}/issues/").json()["results"]
    assert [(row["issue"], row["token"]) for row in told] == [(2, second["token"]), (1, first)]
    for method in ("get", "post"):
        stranger = System(scopes=["packs"])
        assert errors_of(stranger.ask(method, f"packs/{first}/issues/", status=403)) == ["token"]


def test_a_key_shows_its_private_pack_by_a_link_and_takes_it_back(system: System) -> None:
    address = f"packs/{token_of(system.ask('post', 'packs/', asked(is_private=True), status=201))}/"
    make_ready(BriefingPack.objects.get())
    assert errors_of(system.ask("post", f"{address}links/", {"days": 8}, status=400)) == ["days"]
    link = system.ask("post", f"{address}links/", {"days": 7}, status=201).json()
    page = link["page_url"].partition("8000")[2]
    assert (link["works"], Client().get(page).status_code) == (True, 200)
    assert system.ask("get", f"{address}links/").json()["results"] == [link]
    taken = f"{address}links/{link['id']}/revoke/"
    assert System(scopes=["packs"]).ask("post", taken, status=404)
    assert not system.ask("post", taken).json()["works"]
    assert Client().get(page).status_code == 410
    assert errors_of(system.ask("post", f"{address}links/none/revoke/", status=404)) == ["id"]

"""Pages of a pack: each state has its answer, and nothing leaks to who doesn't know the address."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.briefings.models import BriefingPack
from portal.catalogue.models import Entry
from tests.briefings.samples import queue_pack
from tests.factories import BriefingPackFactory, InnovationFactory

pytestmark = pytest.mark.django_db
MAKE = "/packs/"


def ask(client, entries, **fields):
    return client.post(MAKE, {"title": "Options", "purpose": "approval", "entry": entries, **fields})


def pdf_of(pack):
    return f"{pack.get_absolute_url()}{pack.file_stem}.pdf"


@pytest.fixture
def slugs():
    return [InnovationFactory(published=True).slug for _ in range(2)]


# --- asking ---------------------------------------------------------------------------------


def test_asking_leads_to_the_packs_page(client, slugs):
    answer = ask(client, slugs)
    pack = BriefingPack.objects.get()
    assert answer["Location"] == pack.get_absolute_url()
    assert [row["slug"] for row in pack.data["entries"]] == slugs
    assert pack.purpose == "approval"


def test_a_double_click_is_one_pack(client, slugs):
    assert ask(client, slugs)["Location"] == ask(client, slugs)["Location"]
    assert BriefingPack.objects.count() == 1


def test_without_entries_posted_the_baskets_are_used(client, slugs):
    client.post(reverse("briefings:basket_add"), {"entry": slugs})
    ask(client, [])
    assert [row["slug"] for row in BriefingPack.objects.get().data["entries"]] == slugs


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "Enter a title for the briefing pack"),
        ({"title": "x" * 201}, "The title must be 200 characters or fewer. It has 201"),
        ({"purpose": "fun"}, "Choose what the briefing pack is for"),
    ],
)
def test_a_wrong_field_is_named_beside_it_and_the_rest_is_kept(client, slugs, fields, message):
    answer = ask(client, slugs, **fields)
    assert answer.status_code == 422
    assert answer.text.count(message) == 2
    assert [entry.slug for entry in answer.context["entries"]] == slugs
    assert answer.context["form"]["title"].value() == fields.get("title", "Options")
    assert not BriefingPack.objects.exists()


def test_an_empty_basket_makes_no_pack_and_says_so(client):
    answer = ask(client, [])
    assert (answer.status_code, "Add at least one entry" in answer.text) == (422, True)


def test_two_hundred_entries_are_refused_naming_the_cap(client, slugs):
    answer = ask(client, [*slugs, *(f"made-up-{number}" for number in range(198))])
    assert answer.status_code == 422
    assert "A briefing pack holds at most 100 entries. You chose 200." in answer.text
    assert not BriefingPack.objects.exists()


def test_an_entry_withdrawn_meanwhile_is_left_out_before_the_pack_is_made(client, slugs):
    client.post(reverse("briefings:basket_add"), {"entry": slugs})
    Entry.objects.get(slug=slugs[0]).unpublish(log_action=False)
    answer = ask(client, slugs)
    assert answer.status_code == 422
    assert answer.context["unpublished"] == [slugs[0]]
    assert "will be left out" in answer.text
    ask(client, [])
    assert [row["slug"] for row in BriefingPack.objects.get().data["entries"]] == [slugs[1]]


def test_one_entrys_brief_is_called_as_the_entry_is(client, slugs):
    answer = client.post(reverse("briefings:brief", args=[slugs[0]]))
    pack = BriefingPack.objects.get()
    assert answer["Location"] == pack.get_absolute_url()
    assert pack.title == Entry.objects.get(slug=slugs[0]).title


def test_a_draft_has_no_brief(client):
    assert client.post(reverse("briefings:brief", args=[InnovationFactory().slug])).status_code == 404


def test_packs_of_this_browser_are_listed_in_it_alone(client, slugs):
    ask(client, slugs, title="Mine")
    assert "Mine" in client.get("/packs/basket/").text
    assert "Mine" not in Client().get("/packs/basket/").text


# --- one pack -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trait", "status", "words"),
    [
        ("queued", 200, "Yours is next"),
        ("running", 200, "Making your pack: 0%"),
        ("ready", 200, "Download the PDF"),
        ("failed", 200, "It took too long. Try again."),
        ("expired", 410, "This briefing pack has expired"),
    ],
)
def test_each_state_has_its_page(client, trait, status, words):
    pack = BriefingPackFactory(**({} if trait == "queued" else {trait: True}))
    answer = client.get(pack.get_absolute_url())
    assert answer.status_code == status
    assert words in answer.text


@pytest.mark.parametrize(
    ("trait", "asks_again"), [("queued", True), ("running", True), ("ready", False), ("failed", False)]
)
def test_the_page_asks_again_until_the_pack_is_finished(client, trait, asks_again):
    pack = BriefingPackFactory(**({} if trait == "queued" else {trait: True}))
    page = client.get(pack.get_absolute_url()).text
    assert ("data-hx-trigger" in page) is asks_again
    assert ('<noscript><meta http-equiv="refresh"' in page) is asks_again


def test_a_stage_is_announced_once(client):
    pack = BriefingPackFactory(running=True, stage="lay_out", percent=40)
    address = pack.get_absolute_url()
    assert "Lay out pages, under way." in client.get(address).text
    asks_for = re.search(r'data-hx-get="([^"]+)"', client.get(address).text)[1]
    assert 'id="pack-announcement"' not in client.get(asks_for).text


def test_a_waiting_pack_says_how_many_are_before_it(client):
    BriefingPackFactory.create_batch(2)
    pack = BriefingPackFactory()
    assert "2 packs are before yours." in client.get(pack.get_absolute_url()).text


def test_the_stages_show_what_is_done(client):
    pack = BriefingPackFactory(running=True, stage="check", percent=85)
    steps = client.get(pack.get_absolute_url()).context["steps"]
    assert [step["state"] for step in steps] == ["done", "done", "under way", "to come"]


def test_a_ready_pack_is_downloaded_with_the_right_headers(client):
    pack = BriefingPackFactory(ready=True, title="Options: for the board")
    answer = client.get(pdf_of(pack))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="options-for-the-board.pdf"'
    assert answer["Content-Length"] == "8"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_ready_packs_file_costs_one_query(client, django_assert_num_queries):
    pack = BriefingPackFactory(ready=True)
    with django_assert_num_queries(1):
        b"".join(client.get(pdf_of(pack)))


@pytest.mark.parametrize("trait", ["queued", "running", "failed"])
def test_a_pack_that_is_not_ready_sends_to_its_page(client, trait):
    pack = BriefingPackFactory(**({} if trait == "queued" else {trait: True}))
    assert client.get(pdf_of(pack))["Location"] == pack.get_absolute_url()


@pytest.mark.parametrize("fields", [{"expired": True}, {"ready": True, "expires_at": timezone.now()}])
def test_an_expired_pack_is_gone(client, fields):
    pack = BriefingPackFactory(**fields)
    assert [client.get(url).status_code for url in (pack.get_absolute_url(), pdf_of(pack))] == [410, 410]


@pytest.mark.parametrize("name", ["pack", "download", "retry"])
def test_an_unknown_pack_is_not_found(client, name):
    url = "/packs/no-such-token/" + {"pack": "", "download": "x.pdf", "retry": "retry/"}[name]
    answer = client.post(url) if name == "retry" else client.get(url)
    assert answer.status_code == 404


def test_a_lost_file_can_be_made_again(client):
    pack = BriefingPackFactory(ready=True)
    pack.file.storage.delete(pack.file.name)
    page = client.get(pdf_of(pack), follow=True)
    assert "The file of this pack was lost." in page.text
    client.post(reverse("briefings:retry", args=[pack.token]))
    pack.refresh_from_db()
    assert pack.state == BriefingPack.State.QUEUED


def test_no_public_address_leads_to_the_files(client):
    pack = BriefingPackFactory(ready=True)
    for address in (f"/media/{pack.file.name}", f"/assets/{pack.file.name}", f"/packs/{pack.token}.pdf"):
        assert client.get(address).status_code == 404


def test_titles_are_escaped(client):
    pack = queue_pack(title="<script>alert(1)</script>")
    page = client.get(pack.get_absolute_url()).text
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("address", ["/packs/basket/", "/packs/some-token/", "/packs/"])
def test_pages_have_no_inline_script_or_style(client, address):
    page = client.get(address, follow=True).text
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script>", page)


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_basket_costs_the_same_for_one_entry_as_for_twenty(client, django_assert_num_queries, how_many):
    entries = InnovationFactory.create_batch(how_many, published=True)
    client.post(reverse("briefings:basket_add"), {"entry": [entry.slug for entry in entries]})
    with django_assert_num_queries(12):
        answer = client.get(reverse("briefings:basket"))
    assert len(answer.context["entries"]) == how_many


@pytest.mark.parametrize("how_many", [1, 20])
def test_a_packs_page_costs_the_same_for_one_entry_as_for_twenty(client, django_assert_num_queries, how_many):
    pack = queue_pack(*InnovationFactory.create_batch(how_many, published=True))
    with django_assert_num_queries(2):
        client.get(pack.get_absolute_url())

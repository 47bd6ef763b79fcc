"""Whose pack is it: my packs, private ones, links for others, and what happens at sign-in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.briefings.models import BriefingPack, PackHolder, ShareLink
from tests.briefings.samples import make_ready, queue_pack
from tests.factories import BriefingPackFactory, InnovationFactory, UserFactory

pytestmark = pytest.mark.django_db
MINE = "/packs/mine/"


@pytest.fixture
def slug():
    return InnovationFactory(published=True).slug


def ask(client, slug, **fields):
    posted = {"title": "Options", "purpose": "approval", "entry": slug, "who_opens": "anyone", **fields}
    answer = client.post("/packs/", posted)
    return BriefingPack.objects.get(token=answer["Location"].split("/")[2])


def do(client, name, pack, **fields):
    return client.post(reverse(f"briefings:{name}", args=[pack.token]), fields)


def get(client, address):
    """Return the answer, its file read to the end."""
    answer = client.get(address)
    answer.body = b"".join(answer) if answer.streaming else answer.content
    return answer


def statuses(client, pack):
    base = pack.get_absolute_url()
    return [get(client, f"{base}{rest}").status_code for rest in ("", "read/", f"{pack.file_stem}.pdf")]


# --- my packs -------------------------------------------------------------------------------


def test_a_pack_is_found_among_those_of_its_browser_alone(client, slug):
    pack = ask(client, slug)
    assert [one.pk for one in client.get(MINE).context["packs"]] == [pack.pk]
    assert client.get(MINE).text.count(pack.token) == 1
    assert Client().get(MINE).context["packs"] == []


def test_two_who_ask_for_the_same_both_find_the_one_pack(client, slug):
    other = Client()
    assert ask(client, slug) == ask(other, slug)
    assert BriefingPack.objects.count() == 1
    assert [len(one.get(MINE).context["packs"]) for one in (client, other)] == [1, 1]


def test_packs_made_before_signing_in_are_then_the_persons_too(client, slug):
    pack = ask(client, slug)
    user = UserFactory()
    client.force_login(user)
    later = ask(client, slug, title="Signed in")
    elsewhere = Client()
    elsewhere.force_login(user)
    assert {one.pk for one in elsewhere.get(MINE).context["packs"]} == {pack.pk, later.pk}


def test_what_a_person_asked_for_is_not_left_in_the_browser(client, slug):
    client.force_login(UserFactory())
    ask(client, slug)
    client.logout()
    assert client.get(MINE).context["packs"] == []


def test_a_visitor_without_a_session_asks_for_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get(MINE)
    assert answer.cookies == {}


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_list_costs_the_same_for_one_pack_as_for_twenty(client, slug, django_assert_num_queries, how_many):
    ask(client, slug)
    key = PackHolder.objects.get().key
    for _ in range(how_many - 1):
        PackHolder.objects.create(pack=BriefingPackFactory(ready=True), key=key)
    with django_assert_num_queries(2):
        client.get(MINE)


def test_the_list_says_which_packs_have_moved_since(client, slug):
    pack = make_ready(ask(client, slug))
    assert "Has moved since" not in client.get(MINE).text
    pack.pack_entries.update(entry_version=0)
    assert "1 of its entries has changed" in client.get(MINE).text


def test_without_an_account_an_address_counts_however_many_browsers_it_has(slug, settings):
    settings.BRIEFINGS_ASKED_FROM_ONE_ADDRESS = (2, 3600)
    here, elsewhere = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "192.0.2.8"}
    posted = {"title": "Options", "purpose": "approval", "entry": slug, "who_opens": "me"}
    assert [Client(**here).post("/packs/", posted).status_code for _ in range(3)] == [302, 302, 429]
    refused = Client(**here).post("/packs/", posted).text
    assert "2 packs were asked for from your network’s address within an hour" in refused
    assert "or sign in" in refused
    assert BriefingPack.objects.count() == 2

    assert Client(**elsewhere).post("/packs/", posted).status_code == 302
    signed_in = Client(**here)
    signed_in.force_login(UserFactory())
    assert signed_in.post("/packs/", posted).status_code == 302
    told = Client(**here).post(reverse("briefings:brief", args=[slug]), headers={"sec-fetch-site": "same-origin"})
    assert told["Location"] == MINE


# --- private --------------------------------------------------------------------------------


def test_a_private_packs_address_tells_a_stranger_no_more_than_its_number(client, slug):
    pack = make_ready(ask(client, slug, who_opens="me", title="Merger options"))
    assert statuses(client, pack) == [200, 200, 200]
    stranger = Client()
    page = stranger.get(pack.get_absolute_url())
    assert f"Briefing pack {pack.number}" in page.text
    assert "Merger options" not in page.text
    assert slug not in page.text
    assert stranger.get(f"{pack.get_absolute_url()}x.pdf")["Content-Type"].startswith("text/html")


def test_a_private_pack_is_given_to_nobody_else_who_asks_for_the_same(client, slug):
    private = ask(client, slug, who_opens="me")
    others = Client()
    assert ask(others, slug, who_opens="me") != private
    assert ask(others, slug) != private
    assert ask(client, slug, who_opens="me") == private


def test_whoever_was_given_a_private_pack_finds_it_still_closed_to_a_browser_with_another_session(client, slug):
    pack = make_ready(ask(client, slug, who_opens="me"))
    other = Client()
    ask(other, slug)
    assert get(other, f"{pack.get_absolute_url()}x.pdf")["Content-Type"].startswith("text/html")
    assert get(client, f"{pack.get_absolute_url()}x.pdf")["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("name", ["stop", "share"])
def test_only_who_asked_for_a_pack_stops_and_shares_it(client, slug, name):
    pack = ask(client, slug)
    assert do(Client(), name, pack, days=7).status_code == 403
    pack.refresh_from_db()
    assert (pack.state, ShareLink.objects.count()) == ("queued", 0)


def test_a_stranger_may_not_have_a_private_pack_tried_again(slug, client):
    pack = ask(client, slug, who_opens="me")
    BriefingPack.objects.update(state="failed", error="It took too long.")
    assert do(Client(), "retry", pack).status_code == 403


# --- stopping -------------------------------------------------------------------------------


def test_stopping_ends_the_making_and_offers_it_again(client, slug):
    pack = ask(client, slug)
    page = client.post(reverse("briefings:stop", args=[pack.token]), follow=True)
    assert "Make it after all" in page.text
    assert BriefingPack.objects.get().state == "cancelled"
    do(client, "retry", pack)
    assert BriefingPack.objects.get().state == "queued"


def test_what_somebody_else_asked_for_too_is_only_taken_off_the_list(client, slug):
    pack = ask(client, slug)
    other = Client()
    ask(other, slug)
    page = client.post(reverse("briefings:stop", args=[pack.token]), follow=True)
    assert "Somebody else asked for the same pack" in page.text
    assert client.get(MINE).context["packs"] == []
    assert BriefingPack.objects.get().state == "queued"
    do(other, "stop", pack)
    assert BriefingPack.objects.get().state == "cancelled"


# --- links for others -----------------------------------------------------------------------


@pytest.fixture
def link(client, slug):
    """A working link to a private pack that is ready."""
    pack = make_ready(ask(client, slug, who_opens="me", title="Merger options"))
    do(client, "share", pack, days=7)
    return ShareLink.objects.get()


def shared(link):
    base = link.get_absolute_url()
    return [get(Client(), f"{base}{rest}") for rest in ("", "read/", f"{link.pack.file_stem}.pdf")]


def test_a_share_link_shows_a_private_pack_and_its_files(link):
    page, twin, file = shared(link)
    assert [answer.status_code for answer in (page, twin, file)] == [200, 200, 200]
    assert "Merger options" in page.text
    assert file["Content-Type"] == "application/pdf"
    assert {answer["Cache-Control"] for answer in (page, twin, file)} == {"private, no-store"}


def test_a_share_link_and_its_page_name_nobody_and_lead_to_no_list(client, slug):
    user = UserFactory(username="j.bloggs", email="j.bloggs@example.org")
    client.force_login(user)
    pack = make_ready(ask(client, slug))
    do(client, "share", pack, days=7)
    link = ShareLink.objects.get()
    page = shared(link)[0].text
    assert len(link.token) == 22
    assert not {text for text in ("bloggs", f"person-{user.pk}", pack.token) if text in page + link.get_absolute_url()}


def test_a_link_taken_back_no_longer_works(client, link):
    client.post(reverse("briefings:revoke", args=[link.pack.token, link.pk]))
    assert [answer.status_code for answer in shared(link)] == [410, 410, 410]
    assert statuses(client, link.pack) == [200, 200, 200]


def test_a_link_ends_when_its_time_is_over(link):
    ShareLink.objects.update(created_at=timezone.now() - timedelta(days=8), expires_at=timezone.now())
    assert [answer.status_code for answer in shared(link)] == [410, 410, 410]


def test_a_link_never_outlives_its_pack(client, link):
    soon = timezone.now() + timedelta(days=1)
    BriefingPack.objects.update(expires_at=soon)
    do(client, "share", link.pack, days=90)
    assert ShareLink.objects.first().expires_at == soon


def test_only_the_holder_takes_a_link_back(link):
    answer = Client().post(reverse("briefings:revoke", args=[link.pack.token, link.pk]))
    assert answer.status_code == 403
    link.refresh_from_db()
    assert link.works


@pytest.mark.parametrize("days", ["", "0", "9999", "week"])
def test_a_link_for_another_time_is_refused_with_what_would_do(client, slug, days):
    pack = make_ready(ask(client, slug))
    page = client.post(reverse("briefings:share", args=[pack.token]), {"days": days}, follow=True)
    assert "Choose how long the link works" in page.text
    assert not ShareLink.objects.exists()


def test_a_share_link_of_one_pack_is_no_key_to_another(link):
    other = make_ready(queue_pack(title="Another", is_private=True, by="somebody"))
    base = link.get_absolute_url()
    assert get(Client(), f"{base}{other.token}.pdf")["Content-Disposition"].count("merger-options.pdf") == 1
    assert Client().get(f"/packs/shared/{other.token}/").status_code == 404


# --- headers --------------------------------------------------------------------------------


def test_files_can_run_nothing_and_are_found_by_no_search_engine(client, slug):
    pack = make_ready(ask(client, slug))
    answer = get(client, f"{pack.get_absolute_url()}options.pdf")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"] == 'attachment; filename="options.pdf"'
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; base-uri 'none'; ")
    assert answer["Content-Security-Policy"].endswith("; sandbox")


@pytest.mark.parametrize("name", ["x.exe", "x.html", "..%2f..%2fsecret_key.pdf", "x.PDF"])
def test_a_file_that_a_pack_does_not_have_is_not_found(client, slug, name):
    pack = make_ready(ask(client, slug))
    answer = client.get(f"{pack.get_absolute_url()}{name}")
    assert answer.status_code == 404

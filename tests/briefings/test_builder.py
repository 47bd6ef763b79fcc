"""The builder: every choice reaches the pack, what is wrong is named, and a preview keeps nothing."""

import html
import re
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from portal.briefings.for_us import ForUs
from portal.briefings.models import BriefingPack
from portal.briefings.options import SECTIONS, PackOptions
from portal.catalogue.models import Entry
from tests.benefits.sites import entry_of_two_sites
from tests.factories import InnovationFactory, TrustFactory

pytestmark = pytest.mark.django_db

GOOD = {"title": "Options", "purpose": "approval", "who_opens": "anyone", "sections": list(SECTIONS)}


@pytest.fixture
def slug():
    return InnovationFactory(published=True, title="Rota").slug


def build(client, slug, address="briefings:make", **fields):
    return client.post(reverse(address), {**GOOD, "entry": slug, **fields})


# --- choices --------------------------------------------------------------------------------


def test_every_choice_is_kept_with_the_pack(client, slug):
    trust = TrustFactory()
    chosen = {
        "title": "Options for the board",
        "purpose": "assurance",
        "audience": trust.code,
        "author_line": "Chief People Officer",
        "on": "2026-03-27",
        "recommendation": "That the board approve a pilot.\n\nFrom April.",
        "sections": ["totals", "needs"],
    }
    build(client, slug, **chosen)
    pack = BriefingPack.objects.get()
    assert PackOptions.from_json(pack.options) == PackOptions(
        **{**chosen, "on": date(2026, 3, 27), "sections": ("totals", "needs")}
    )
    assert (pack.purpose, pack.is_private) == ("assurance", False)


def test_with_every_box_unticked_no_optional_section_is_left(client, slug):
    build(client, slug, sections=[])
    assert BriefingPack.objects.get().options["sections"] == []


@pytest.mark.parametrize(
    "choice",
    [
        {"title": "Other"},
        {"purpose": "discussion"},
        {"author_line": "Chair"},
        {"on": "2026-03-27"},
        {"recommendation": "Approve."},
        {"sections": ["totals"]},
        {"who_opens": "me"},
    ],
)
def test_another_choice_is_another_pack(client, slug, choice):
    build(client, slug)
    build(client, slug, **choice)
    assert BriefingPack.objects.count() == 2


def test_a_section_that_no_longer_exists_is_passed_over_in_the_next_issue():
    kept = {**PackOptions(title="Options").as_json(), "sections": ["weather", "totals"]}
    assert PackOptions.from_json(kept).sections == ("totals",)


# --- what is wrong --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": "x" * 10_000}, "The title must be 200 characters or fewer. It has 10000"),
        ({"title": " \t "}, "Enter a title for the briefing pack"),
        ({"author_line": "x" * 201}, "The author line must be 200 characters or fewer. It has 201"),
        ({"recommendation": "x" * 2001}, "The recommendation must be 2000 characters or fewer. It has 2001"),
        ({"on": "soon"}, "Enter the date as a day, month and year"),
        ({"on": "2026-02-31"}, "Enter the date as a day, month and year"),
        ({"audience": "NOBODY"}, "No organisation open today has the code “NOBODY”."),
        ({"sections": ["weather"]}, "“weather” is no section of a pack."),
        ({"who_opens": "everyone"}, "Choose who can open the pack"),
        ({"title": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_named_at_the_top_and_beside_its_field(client, slug, fields, message):
    answer = build(client, slug, **fields)
    assert answer.status_code == 422
    assert html.unescape(answer.text).count(message) == 2
    assert "Error: Briefing basket" in answer.text
    assert not BriefingPack.objects.exists()


def test_the_errors_lead_to_fields_that_are_there(client, slug):
    page = build(client, slug, title="", purpose="fun", on="soon", sections=["weather"], who_opens="x").text
    summary = page[page.index("There is a problem") : page.index("</ul>", page.index("There is a problem"))]
    wanted = re.findall(r'href="#([^"]+)"', summary)
    assert wanted == ["id_title", "id_purpose", "id_on", "id_sections", "id_who_opens"]
    assert not [name for name in wanted if f'id="{name}"' not in page]


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_html_in_every_field_is_shown_as_it_was_typed(client):
    slug = InnovationFactory(published=True, title=HOSTILE, summary=HOSTILE).slug
    fields = {"title": HOSTILE, "author_line": HOSTILE, "recommendation": HOSTILE}
    pages = [
        build(client, slug, audience=HOSTILE, **fields).text,
        build(client, slug, "briefings:preview", **fields).text,
        client.get(build(client, slug, **fields)["Location"]).text,
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_hundred_and_one_entries_are_refused_and_what_was_typed_stays(client, slug):
    answer = build(client, [slug, *(f"made-up-{number}" for number in range(100))], author_line="Chair")
    assert answer.status_code == 422
    assert "A briefing pack holds at most 100 entries. You chose 101." in answer.text


@pytest.mark.parametrize("address", ["briefings:make", "briefings:preview"])
def test_an_entry_never_public_is_refused_naming_it(client, slug, address):
    draft = InnovationFactory(slug="a-draft").slug
    answer = build(client, [slug, draft], address)
    assert answer.status_code == 422
    assert "1 entry is not published and can’t be in a pack: a-draft." in html.unescape(answer.text)


def test_who_has_as_many_packs_waiting_as_one_may_is_refused_and_told_what_to_do(client, slug, settings):
    settings.BRIEFINGS_MOST_WAITING = 2
    answers = [build(client, slug, title=title) for title in ("One", "Two", "Three", "Two")]
    assert [answer.status_code for answer in answers] == [302, 302, 429, 302]
    assert "2 of your packs wait to be made" in answers[2].text
    assert 'value="Three"' in answers[2].text
    assert client.post(reverse("briefings:brief", args=[slug]))["Location"] == reverse("briefings:mine")
    assert build(Client(), slug, title="Another’s").status_code == 302


def test_a_queue_that_is_as_long_as_it_may_be_takes_no_more(client, slug, settings):
    settings.BRIEFINGS_LONGEST_QUEUE = 1
    assert [build(client, slug, title=title).status_code for title in ("One", "Two")] == [302, 429]
    BriefingPack.objects.update(state="cancelled")
    assert build(client, slug, title="Two").status_code == 302


def test_an_empty_selection_says_what_to_do(client):
    answer = build(client, [], "briefings:preview")
    assert (answer.status_code, "Add at least one entry" in answer.text) == (422, True)


def test_letters_of_any_script_are_kept_as_they_were_typed(client, slug):
    title = "བོད་ཡིག 𐌰𐌱 العربية 👩🏽‍⚕️"
    build(client, slug, title=title)
    assert BriefingPack.objects.get().title == title


# --- preview --------------------------------------------------------------------------------


def test_a_preview_shows_the_content_and_makes_nothing(client, slug):
    answer = build(client, slug, "briefings:preview")
    assert answer.status_code == 200
    assert "This is a preview." in answer.text
    assert Entry.objects.get().summary in html.unescape(answer.text)
    assert not BriefingPack.objects.exists()
    assert not Session.objects.exists()
    assert answer["Cache-Control"] == "private, no-store"


def test_from_the_preview_the_same_pack_is_made(client, slug):
    fields = {"sections": ["totals", "needs"], "recommendation": "Approve.\nNow."}
    page = build(client, slug, "briefings:preview", **fields).text
    posted: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        posted.setdefault(name, []).append(html.unescape(value))
    assert "csrfmiddlewaretoken" in posted
    client.post(reverse("briefings:make"), posted)
    from_preview = BriefingPack.objects.get()
    build(client, slug, **fields)
    assert BriefingPack.objects.get() == from_preview


def test_going_back_from_the_preview_keeps_what_was_typed(client, slug):
    answer = build(client, slug, "briefings:change", title="Half a title", recommendation="Approve.")
    assert answer.status_code == 200
    assert answer.context["form"]["title"].value() == "Half a title"
    assert answer.context["form"]["recommendation"].value() == "Approve."
    assert [entry.slug for entry in answer.context["entries"]] == [slug]


def test_a_preview_with_an_error_shows_the_form_again(client, slug):
    answer = build(client, slug, "briefings:preview", title="")
    assert (answer.status_code, "Enter a title" in answer.text) == (422, True)


@pytest.mark.parametrize("name", ["preview", "change", "make"])
def test_an_address_of_the_builder_opened_by_itself_leads_to_the_basket(client, name):
    assert client.get(reverse(f"briefings:{name}"))["Location"] == "/packs/basket/"


# --- order ----------------------------------------------------------------------------------


@pytest.fixture
def three(client):
    slugs = [InnovationFactory(published=True).slug for _ in range(3)]
    client.post(reverse("briefings:basket_add"), {"entry": slugs})
    return slugs


def order(client):
    return client.get("/packs/basket/").context["basket_slugs"]


@pytest.mark.parametrize(
    ("dragged", "kept"),
    [([2, 0, 1], [2, 0, 1]), ([2], [2, 0, 1]), ([], [0, 1, 2]), ([1, 1, 0, 2], [1, 0, 2])],
)
def test_the_order_dragged_into_is_kept_and_nothing_is_lost(client, three, dragged, kept):
    client.post(reverse("briefings:basket_order"), {"entry": [three[place] for place in dragged]})
    assert order(client) == [three[place] for place in kept]


def test_an_entry_that_was_not_chosen_is_not_dragged_in(client, three):
    client.post(reverse("briefings:basket_order"), {"entry": ["no-such-entry", *three]})
    assert order(client) == three


def test_the_new_place_is_said(client, three):
    page = client.post(reverse("briefings:basket_move"), {"entry": three[2], "direction": "up"}, follow=True)
    title = Entry.objects.get(slug=three[2]).title
    assert f"{title} is now number 2 of 3." in html.unescape(page.text)


# --- what could this mean for us? -----------------------------------------------------------


@pytest.fixture
def ward(db):
    """An entry of which two sites counted what it brought, for their ward patients."""
    return entry_of_two_sites(slug="ward")


def test_the_range_for_the_readers_own_number_is_asked_for_and_named_after_the_audience(client, ward):
    client.post(reverse("briefings:basket_add"), {"entry": ward.slug})
    page = client.get("/packs/basket/")
    (field,) = page.context["form"].people_fields
    assert field.label == f"{ward.title}: How many ward patients?"
    trust = TrustFactory()
    build(client, ward.slug, people_ward="1,500", audience=trust.code)
    pack = BriefingPack.objects.get()
    assert PackOptions.from_json(pack.options).for_us == {"ward": ForUs(1500, "Ward patients", trust.code)}
    assert pack.data["entries"][0]["for_us"]["ranges"]


def test_the_number_given_on_the_entrys_page_stands_in_the_form(client, ward):
    client.post(reverse("briefings:basket_add_for_us", args=["ward"]), {"headcount": 150})
    (field,) = client.get("/packs/basket/").context["form"].people_fields
    assert field.value() == 150
    build(client, "ward", people_ward="")
    assert BriefingPack.objects.get().options["for_us"] == {}


@pytest.mark.parametrize("people", ["many", "0", "-3", "12.5", "9" * 40])
def test_a_number_of_people_that_can_not_be_is_named(client, ward, people):
    answer = build(client, "ward", people_ward=people)
    assert answer.status_code == 422
    assert html.unescape(answer.text).count("can’t be the number of ward patients. Enter a whole number") == 2


def test_a_number_for_an_entry_that_is_not_chosen_is_passed_over(client, slug, ward):
    build(client, slug, people_ward="150")
    assert BriefingPack.objects.get().options["for_us"] == {}

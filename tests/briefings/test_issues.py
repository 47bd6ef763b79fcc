"""Issues of one pack: what moved between two, a new one, and what the number on a cover answers."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.briefings import moves, services
from portal.briefings.models import BriefingPack
from portal.briefings.visitors import BROWSER
from portal.catalogue.models import Entry
from tests.briefings.samples import change_figure, make_ready, queue_pack
from tests.factories import (
    AdoptionRecordFactory,
    BriefingPackFactory,
    InnovationFactory,
)

pytestmark = pytest.mark.django_db

# --- what moved, over plain data ------------------------------------------------------------


def figure(text="12 hours", **fields):
    row = {"id": "a", "figure": text, "label": "Hours saved", "place": "Leeds", "period": "2025", "basis": "Observed"}
    return {**row, **fields}


def entry(*figures, **fields):
    nothing = {"summary": [], "opening": [], "closing": [], "coverage": None}
    lists = {"records": {"rows": []}, "evidence": {"rows": []}}
    strength = {"level": 2, "text": "2 of 5"}
    row = {"slug": "rota", "title": "Rota", "figure_groups": [{"rows": list(figures)}], "strength": strength}
    return {**row, **nothing, **lists, **fields}


def moved(before, after):
    (row,) = moves.moved_entries({"entries": [before]}, {"entries": [after]})
    return row


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([figure()], [figure("14 hours")], ("12 hours", "14 hours")),
        ([], [figure()], ("", "12 hours")),
        ([figure()], [], ("12 hours", "")),
        ([figure()], [figure(period="2026")], ("12 hours, 2025", "12 hours, 2026")),
        ([figure()], [figure(basis="Modelled")], ("12 hours, Observed", "12 hours, Modelled")),
    ],
)
def test_each_figure_that_moved_is_told_before_and_after(before, after, told):
    (row,) = moved(entry(*before), entry(*after))["figures"]
    assert (row["before"], row["after"]) == told


def test_a_figure_is_known_by_its_id_whatever_else_changes():
    before, after = figure(), figure("9 hours", label="Hours released", place="England")
    (row,) = moved(entry(before), entry(after))["figures"]
    assert (row["label"], row["place"], row["before"], row["after"]) == (
        "Hours released",
        "England",
        "12 hours",
        "9 hours",
    )


def test_figures_of_packs_without_ids_are_known_by_what_they_say_of_themselves():
    before, after = figure(), figure("14 hours")
    del before["id"], after["id"]
    (row,) = moved(entry(before), entry(after))["figures"]
    assert (row["before"], row["after"]) == ("12 hours", "14 hours")


def test_what_stayed_is_not_told_even_where_references_are_numbered_anew():
    before = entry(figure(source=1), records={"rows": [{"organisation": "Leeds", "stage": "Adopted", "source": 1}]})
    after = entry(figure(source=7), records={"rows": [{"organisation": "Leeds", "stage": "Adopted", "source": 7}]})
    assert moves.moved_entries({"entries": [before]}, {"entries": [after]}) == []


def test_what_else_a_reader_would_find_different_is_named():
    after = entry(
        summary=["New words."],
        strength={"level": 3, "text": "3 of 5"},
        records={"rows": [{"organisation": "Leeds", "stage": "Adopted", "source": 1}]},
    )
    assert moved(entry(), after)["others"] == [
        "Strength of the evidence: 2 of 5 before, 3 of 5 now",
        "1 adoption record new or changed",
        "The text was edited: summary",
    ]


def test_entries_that_came_and_went_are_told():
    rows = moves.moved_entries({"entries": [entry(slug="old")]}, {"entries": [entry(slug="new")]})
    assert [(row["slug"], row["change"]) for row in rows] == [("new", "added"), ("old", "removed")]


def test_totals_that_moved_are_told():
    def data(total):
        return {"totals": {"bases": [{"basis": "Observed", "rows": [{"measure": "Hours", "total": total}]}]}}

    assert moves.moved_totals(data("10 hours"), data("12 hours")) == [
        {"basis": "Observed", "measure": "Hours", "before": "10 hours", "after": "12 hours"}
    ]
    assert moves.moved_totals(data("10 hours"), data("10 hours")) == []
    assert [row["after"] for row in moves.moved_totals(data("10 hours"), {"totals": None})] == [""]


# --- a new issue ----------------------------------------------------------------------------


def test_a_new_issue_has_the_next_number_and_says_which_figures_moved(rota):
    first = make_ready(queue_pack(rota, by="me", author_line="Chief People Officer"))
    change_figure(rota, 14)
    second = services.ask_for_next_issue(pack=first, by="me")
    assert (second.series, second.issue, second.options) == (first.series, 2, first.options)
    since = second.data["since"]
    assert (since["number"], since["issue"], since["as_at_text"]) == (first.number, 1, first.data["as_at_text"])
    (told,) = since["entries"][0]["figures"]
    assert (told["label"], told["before"], told["after"]) == ("Hours saved", "12 hours", "14 hours")
    first.refresh_from_db()
    assert "14 hours" not in str(first.data)


def test_asked_for_twice_a_new_issue_is_made_once(rota):
    first = make_ready(queue_pack(rota, by="me"))
    change_figure(rota, 14)
    assert services.ask_for_next_issue(pack=first) == services.ask_for_next_issue(pack=first)


def test_without_a_change_there_is_no_new_issue(rota):
    first = make_ready(queue_pack(rota))
    with pytest.raises(services.NothingNew, match="Nothing in this pack has changed"):
        services.ask_for_next_issue(pack=first)


def test_an_entry_withdrawn_since_is_left_out_of_the_new_issue_which_says_so(rota):
    other = InnovationFactory(published=True)
    first = make_ready(queue_pack(rota, other))
    Entry.objects.get(pk=other.pk).unpublish(log_action=False)
    second = services.ask_for_next_issue(pack=first)
    assert [row["slug"] for row in second.data["entries"]] == [rota.slug]
    assert [(row["slug"], row["change"]) for row in second.data["since"]["entries"]] == [(other.slug, "removed")]


def test_when_every_entry_is_withdrawn_there_is_no_new_issue(rota):
    first = make_ready(queue_pack(rota))
    Entry.objects.get(pk=rota.pk).unpublish(log_action=False)
    with pytest.raises(services.NothingNew, match="None of its entries is published"):
        services.ask_for_next_issue(pack=first)
    page = Client().get(first.get_absolute_url())
    assert [row["change"] for row in page.context["since"]["entries"]] == ["removed"]


def key_of(client):
    """Give the client's browser the key by which packs are its own."""
    session = client.session
    session[BROWSER] = "this-browser"
    session.save()
    return "this-browser"


# --- the pages ------------------------------------------------------------------------------


def test_a_packs_page_says_which_figures_moved_and_offers_a_new_issue(client, rota):
    pack = make_ready(queue_pack(rota, by=key_of(client)))
    assert "What has moved since" not in client.get(pack.get_absolute_url()).text
    change_figure(rota, 14)
    page = client.get(pack.get_absolute_url())
    assert "What has moved since" in page.text
    assert [row["after"] for row in page.context["since"]["entries"][0]["figures"]] == ["14 hours"]
    assert f'data-hx-get="{pack.get_absolute_url()}"' in client.get(reverse("briefings:mine")).text
    assert page.text.count('class="app-moved-figures"') == 1
    answer = client.post(reverse("briefings:next_issue", args=[pack.token]))
    following = BriefingPack.objects.get(issue=2)
    assert answer["Location"] == following.get_absolute_url()


def test_an_event_of_adoption_moves_a_pack_too(client, rota):
    pack = make_ready(queue_pack(rota))
    AdoptionRecordFactory(entry=rota)
    assert "1 adoption record new or changed" in client.get(pack.get_absolute_url()).text


def test_a_superseded_issue_leads_to_the_newer_one_and_offers_no_third(client, rota):
    first = make_ready(queue_pack(rota))
    change_figure(rota, 14)
    second = make_ready(services.ask_for_next_issue(pack=first))
    page = client.get(first.get_absolute_url())
    assert "Superseded" in page.text
    assert second.get_absolute_url() in page.text
    assert page.context["since"] is None


def test_only_who_had_a_pack_made_supersedes_it(client, rota):
    pack = make_ready(queue_pack(rota, by="somebody"))
    change_figure(rota, 14)
    assert "Whoever had this pack made can make a new issue" in client.get(pack.get_absolute_url()).text
    assert client.post(reverse("briefings:next_issue", args=[pack.token])).status_code == 403
    assert BriefingPack.objects.count() == 1


def test_asking_for_a_new_issue_in_vain_says_why(client, rota):
    pack = make_ready(queue_pack(rota, by=key_of(client)))
    page = client.post(reverse("briefings:next_issue", args=[pack.token]), follow=True)
    assert "Nothing in this pack has changed" in page.text


# --- the number on the cover ----------------------------------------------------------------


def test_the_number_on_a_cover_answers_current_then_superseded(rota):
    first = make_ready(queue_pack(rota, title="Merger options"))
    assert "Current." in Client().get(f"/packs/{first.number}/").text
    change_figure(rota, 14)
    second = services.ask_for_next_issue(pack=first)
    assert "Current." in Client().get(first.get_short_url()).text, "an issue that isn't there yet supersedes nothing"
    make_ready(second)
    page = Client().get(first.get_short_url()).text
    assert "Superseded" in page
    assert f'href="/packs/{second.number}/"' in page
    assert "Current." in Client().get(second.get_short_url()).text


def test_a_number_gives_away_neither_title_nor_address(rota):
    pack = make_ready(queue_pack(rota, title="Merger options"))
    page = Client().get(pack.get_short_url()).text
    assert not {secret for secret in ("Merger", pack.token, rota.slug) if secret in page}


@pytest.mark.parametrize("number", [0, 999_999, 10**30])
def test_a_number_that_no_pack_has_is_not_found(client, number):
    assert client.get(f"/packs/{number}/").status_code == 404


def test_the_number_of_an_expired_issue_still_answers(client):
    pack = BriefingPackFactory(expired=True, finished_at=timezone.now())
    assert "It is no longer kept here" in client.get(pack.get_short_url()).text


def test_what_every_form_of_the_document_is_written_from_has_both_addresses(rota):
    pack = queue_pack(rota)
    told = pack.document()
    assert told["address"].endswith(f"/packs/{pack.token}/")
    assert told["short_address"].endswith(f"/packs/{pack.number}/")
    assert (told["number"], told["issue"]) == (pack.number, 1)

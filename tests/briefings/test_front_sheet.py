"""The front sheet of a pack: sentences worked out of the ledger and the entries, and what the options say."""

from decimal import Decimal
from typing import Any

import pytest

from portal.briefings.rendering import write_html
from portal.organisations.models import MapTile
from tests.briefings.samples import full_entry, snapshot_of
from tests.factories import (
    AdoptionRecordFactory,
    IcbFactory,
    InnovationFactory,
    MembershipFactory,
    NetworkFactory,
    TrustFactory,
    add_figure,
    publish_with_figure,
)

pytestmark = pytest.mark.django_db


def test_the_summary_is_three_to_six_sentences_whatever_the_entries_hold(england: Any, hours: Any) -> None:
    bare, full = InnovationFactory(published=True), full_entry(2)
    add_figure(full, measure=hours, place=england, value=Decimal(10))
    for entries in ([bare], [full], [bare, full]):
        assert 3 <= len(snapshot_of(*entries)["summary"]) <= 6


def test_the_summary_says_the_totals_of_one_basis_and_how_many_figures_are_left_out(england: Any, hours: Any) -> None:
    first, second = InnovationFactory(), InnovationFactory()
    publish_with_figure(first, measure=hours, place=england, value=Decimal(10), qualifier="about")
    publish_with_figure(second, measure=hours, place=england, value=Decimal(5), basis="modelled")
    add_figure(second, measure=hours, place=england, value=Decimal(900), basis="modelled", achievement="potential")
    sentence = snapshot_of(first, second)["summary"][1]
    assert sentence == (
        "Added up without counting a benefit twice (observed): about 10 hours (staff hours released). "
        "Totals that are modelled stand apart. 1 figure is left out, each with its reason."
    )


def test_nothing_that_can_be_added_up_is_said_so() -> None:
    summary = snapshot_of(InnovationFactory(published=True), InnovationFactory(published=True))["summary"]
    assert "Nothing can be added up: no figure is of a kind that the ledger counts." in summary
    assert "No figure with a source is stated." in summary


def test_implications_stand_under_a_board_papers_headings_and_say_what_is_not_held() -> None:
    told = {one["term"]: one["text"] for one in snapshot_of(full_entry(1), full_entry(2))["implications"]}
    assert list(told) == [
        *("Money", "Workforce", "Patients and service", "What must be in place", "Risks"),
        "Equality, law, environment",
    ]
    assert "Where it may not work is stated for 0 of 2 entries" in told["Risks"]
    assert told["Equality, law, environment"].startswith("Not held here.")


def test_the_options_are_on_the_front_sheet() -> None:
    board = IcbFactory(name="North Board", short_name="")
    html = write_html(
        snapshot_of(
            InnovationFactory(published=True),
            audience=board.code,
            author_line="The chief people officer",
            recommendation="Approve a pilot.\n\nReport in June.",
        )
    )
    for words in ["North Board", "The chief people officer", "<p>Approve a pilot.</p><p>Report in June.</p>"]:
        assert words in html, words
    assert "makes no recommendation" not in html


def test_what_moved_since_an_earlier_issue_is_a_part_of_its_own() -> None:
    moved = {"label": "Hours", "place": "England", "period": "2024", "before": "About 10 hours", "after": ""}
    since = {
        "number": 3,
        "issue": 1,
        "as_at_text": "3 January 2026",
        "entries": [
            {"slug": "a", "title": "Rota app", "change": "changed", "figures": [moved], "others": ["Reviewed."]},
            {"slug": "b", "title": "Gone", "change": "removed", "figures": [], "others": []},
        ],
        "totals": [{"measure": "Hours", "basis": "Observed", "before": "", "after": "12 hours"}],
    }
    html = write_html(snapshot_of(InnovationFactory(published=True), since=since))
    for words in [
        "Since issue 1",
        "briefing pack 3",
        "About 10 hours",
        "Taken out",
        "No longer in the pack.",
        "No total",
    ]:
        assert words in html, words
    assert 'id="since"' not in write_html(snapshot_of(InnovationFactory(published=True)))


def test_a_benefit_says_what_became_of_it_in_the_totals(england: Any, hours: Any) -> None:
    entry = InnovationFactory()
    publish_with_figure(entry, measure=hours, place=england, value=Decimal(10))
    add_figure(entry, measure=hours, place=None, value=Decimal(7))
    [group] = snapshot_of(entry)["entries"][0]["figure_groups"]
    assert sorted(row["ledger"] for row in group["rows"]) == [
        "Counted in the totals.",
        "Not in the totals: period or place not stated.",
    ]


def test_sources_say_where_they_stand_on_the_entries_pages() -> None:
    first, second = full_entry(1), full_entry(2)
    data = snapshot_of(first, second)
    found = [place for reference in data["references"] for place in reference["on_the_site"]]
    assert {place["entry"] for place in found} == {1, 2}
    assert all(place["source"] >= 1 for place in found)


def test_the_measures_used_are_explained_once(hours: Any) -> None:
    first, second = InnovationFactory(published=True), InnovationFactory(published=True)
    for entry in (first, second):
        add_figure(entry, measure=hours)
    [row] = snapshot_of(first, second)["measures"]["rows"]
    assert (row["name"], row["adds"]) == (hours.name, "Adds up.")


def test_boards_of_which_something_is_known_are_on_a_map_with_their_list() -> None:
    board, silent, trust = IcbFactory(name="Known Board"), IcbFactory(name="Silent Board"), TrustFactory()
    MembershipFactory(organisation=trust, within=board)
    for column, one in enumerate((board, silent)):
        MapTile.objects.create(organisation=one, boards_from="2022-07-01", column=column, row=0)
    entry = InnovationFactory(published=True, owner_network=NetworkFactory())
    assert snapshot_of(entry)["entries"][0]["map"] is None
    AdoptionRecordFactory(entry=entry, organisation=trust, stage="adopted", on="2025-12")
    told = snapshot_of(entry)["entries"][0]["map"]
    assert [(one["name"], one["text"]) for one in told["boards"]] == [("Known Board", "1 of 1 trusts known to be live")]
    assert told["silent"] == 1

"""Totals on an organisation's page and on a theme's: the ledger's own, each basis apart."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.benefits.headlines import headline_totals, totals_on_each_basis
from portal.benefits.panels import totals_of_organisation, totals_of_theme
from portal.benefits.questions import ask
from tests.factories import (
    EvidenceFactory,
    IcbFactory,
    InnovationFactory,
    MeasureFactory,
    MembershipFactory,
    SuccessionFactory,
    ThemeFactory,
    TrustFactory,
    add_figure,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(england: Any) -> Any:
    board = IcbFactory(name="Kent Board")
    MembershipFactory(organisation=board, within=england)
    return board


def texts(panel: Any) -> list[str]:
    return [row["text"] for row in panel.context["rows"]] if panel else []


def test_a_place_shows_what_adds_up_in_it_and_in_the_places_inside_it(board: Any) -> None:
    trust = TrustFactory()
    MembershipFactory(organisation=trust, within=board)
    hours = MeasureFactory(name="Hours released")
    add_figure(InnovationFactory(published=True), measure=hours, place=trust, value=Decimal(300))
    add_figure(InnovationFactory(published=True), measure=hours, place=board, value=Decimal(200))
    panel = totals_of_organisation(board)
    assert [(row["measure"], row["text"], row["counted"]) for row in panel.context["rows"]] == [
        ("Hours released", "500 hours", 2)
    ]


def test_figures_of_wider_and_other_places_are_not_in_it(board: Any, england: Any) -> None:
    for place in (england, TrustFactory()):
        add_figure(InnovationFactory(published=True), place=place)
    assert totals_of_organisation(board) is None


def test_each_basis_is_a_total_of_its_own_and_potential_is_in_none(board: Any) -> None:
    hours = MeasureFactory()
    for value, told in [
        (300, {"basis": "observed"}),
        (200, {"basis": "modelled"}),
        (50, {"basis": "not_stated", "qualifier": "about"}),
        (9000, {"achievement": "potential"}),
    ]:
        entry = InnovationFactory(published=True)
        add_figure(entry, measure=hours, place=board, value=Decimal(value), **told)
    panel = totals_of_organisation(board)
    assert [(row["basis"], row["text"]) for row in panel.context["rows"]] == [
        ("observed", "300 hours"),
        ("modelled", "200 hours"),
        ("not_stated", "About 50 hours"),
    ]


def test_a_total_leads_to_a_ledger_that_says_the_same(client: Client, board: Any) -> None:
    add_figure(InnovationFactory(published=True), place=board, qualifier="more_than", basis="modelled")
    row = totals_of_organisation(board).context["rows"][0]
    path, _, query = row["address"].partition("?")
    answer = client.get(f"{path.rstrip('/')}.json?{query}").json()
    assert (answer["text"], answer["place_code"], answer["basis"]) == ("At least 1,250 hours", board.code, "modelled")


def test_the_page_of_a_place_shows_the_panel_and_one_without_figures_does_not(client: Client, board: Any) -> None:
    add_figure(InnovationFactory(published=True), place=board)
    page = client.get(board.get_absolute_url()).content.decode()
    assert "1,250 hours" in page
    assert "What the figures add up to" in page
    empty = client.get(TrustFactory().get_absolute_url()).content.decode()
    assert "What the figures add up to" not in empty


def test_a_place_that_has_closed_is_asked_about_as_at_its_last_day(england: Any) -> None:
    last_day = date(2022, 6, 30)
    old, new, trust = IcbFactory(closed_on=last_day), IcbFactory(opened_on=date(2022, 7, 1)), TrustFactory()
    SuccessionFactory(predecessor=old, successor=new, on=date(2022, 7, 1))
    MembershipFactory(organisation=trust, within=old, end=last_day)
    MembershipFactory(organisation=trust, within=new, start=date(2022, 7, 1))
    add_figure(InnovationFactory(published=True), place=trust)
    panel = totals_of_organisation(old)
    assert panel.context["as_at_text"] == "As at 30 June 2022"
    assert panel.context["rows"][0]["address"].endswith(f"?place={old.code}&as_at=2022-06-30")
    assert texts(totals_of_organisation(new)) == texts(panel) == ["1,250 hours"]


def test_a_place_still_to_close_is_asked_about_today_and_one_still_to_open_is_not(england: Any) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    closing, opening = IcbFactory(closed_on=tomorrow), IcbFactory(opened_on=tomorrow)
    for place in (closing, opening):
        add_figure(InnovationFactory(published=True), place=place)
    assert "as_at" not in totals_of_organisation(closing).context["rows"][0]["address"]
    assert totals_of_organisation(opening) is None


def test_a_theme_adds_up_its_own_entries(england: Any) -> None:
    banks, other = ThemeFactory(), ThemeFactory()
    hours = MeasureFactory()
    add_figure(InnovationFactory(published=True, themes=[banks]), measure=hours, place=england, value=Decimal(10))
    add_figure(InnovationFactory(published=True, themes=[other]), measure=hours, place=england, value=Decimal(7))
    assert texts(totals_of_theme(banks)) == ["10 hours"]
    assert f"theme={banks.slug}" in totals_of_theme(banks).context["rows"][0]["address"]


def test_nothing_adds_up_where_england_is_not_known() -> None:
    theme = ThemeFactory()
    add_figure(InnovationFactory(published=True, themes=[theme]), place=TrustFactory())
    assert totals_of_theme(theme) is None


def test_a_panel_says_what_was_published_a_moment_ago(board: Any) -> None:
    hours = MeasureFactory()
    add_figure(InnovationFactory(published=True), measure=hours, place=board, value=Decimal(300))
    assert texts(totals_of_organisation(board)) == ["300 hours"]
    add_figure(InnovationFactory(published=True), measure=hours, place=board, value=Decimal(100))
    assert texts(totals_of_organisation(board)) == ["400 hours"]


def test_not_reading_figures_from_outside_changes_no_total(board: Any, england: Any) -> None:
    hours, days = MeasureFactory(), MeasureFactory(unit="days")
    entry = InnovationFactory(published=True, family="banks")
    inside = add_figure(entry, measure=hours, place=board, value=Decimal(10))
    add_figure(entry, measure=hours, place=england, value=Decimal(50), evidence=EvidenceFactory(type="rct"))
    add_figure(entry, measure=days, place=england, value=Decimal(2), restates=inside.public_id)
    add_figure(InnovationFactory(published=True, family="banks"), measure=hours, place=TrustFactory())
    add_figure(InnovationFactory(published=True), measure=hours, place=None)
    asked = ask(place=board)
    everything = [total for total in totals_on_each_basis(asked) if total.ledger.counted]
    assert [(total.measure, total.text) for total in headline_totals(asked)] == [(hours, "10 hours")]
    assert [(total.measure, total.text) for total in everything] == [(hours, "10 hours")]


@pytest.mark.parametrize("how_many", [1, 20])
def test_a_panel_costs_the_same_for_one_figure_as_for_twenty_and_little_when_asked_again(
    django_assert_num_queries: Any, board: Any, how_many: int
) -> None:
    for _ in range(how_many):
        trust = TrustFactory()
        MembershipFactory(organisation=trust, within=board)
        add_figure(InnovationFactory(published=True), place=trust, published=False)
        add_figure(InnovationFactory(published=True), basis="modelled", place=board, published=False)
    with django_assert_num_queries(13):
        totals_of_organisation(board)
    with django_assert_num_queries(1):
        totals_of_organisation(board)

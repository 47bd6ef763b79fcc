"""What a pack's entries add up to: their figures alone, each basis apart, frozen with the rest."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from pypdf import PdfReader

from portal.briefings.audit import audit
from portal.briefings.options import PackOptions
from portal.briefings.presentation import charts
from portal.briefings.rendering import render_pack, write_html
from portal.briefings.snapshot import build_snapshot, content_hash, read_entries
from tests.briefings.samples import full_entry, snapshot_of
from tests.factories import (
    CountryFactory,
    EvidenceFactory,
    IcbFactory,
    InnovationFactory,
    MeasureFactory,
    MembershipFactory,
    RegionFactory,
    add_figure,
    publish_with_figure,
)
from tests.pdfs import text_of

pytestmark = pytest.mark.django_db


def entry_with(**figure: Any) -> Any:
    entry = InnovationFactory()
    publish_with_figure(entry, **figure)
    return entry


def totals_of(*entries: Any) -> Any:
    return snapshot_of(*entries)["totals"]


def rows(totals: Any) -> list[tuple[str, str]]:
    return [(group["basis"], row["total"]) for group in totals["bases"] for row in group["rows"]]


def test_only_the_packs_own_entries_count(england: Any, hours: Any) -> None:
    first = entry_with(measure=hours, place=england, value=Decimal(10), qualifier="about")
    second = entry_with(measure=hours, place=england, value=Decimal(20))
    entry_with(measure=hours, place=england, value=Decimal(4000))
    assert rows(totals_of(first, second)) == [("Observed", "About 30 hours")]


def test_a_figure_counts_although_another_entry_outside_the_pack_would_displace_it(england: Any, hours: Any) -> None:
    small = entry_with(measure=hours, place=england, value=Decimal(10), overlap_group="agency")
    entry_with(
        measure=hours, place=england, value=Decimal(90), overlap_group="agency", evidence=EvidenceFactory(type="rct")
    )
    assert rows(totals_of(small)) == [("Observed", "10 hours")]


def test_each_basis_stands_apart_and_potential_is_left_out(england: Any, hours: Any) -> None:
    first = entry_with(measure=hours, place=england, value=Decimal(10))
    second = entry_with(measure=hours, place=england, value=Decimal(5), basis="modelled")
    add_figure(second, measure=hours, place=england, value=Decimal(900), basis="modelled", achievement="potential")
    totals = totals_of(first, second)
    assert rows(totals) == [("Observed", "10 hours"), ("Modelled", "5 hours")]
    assert [row["why"] for group in totals["bases"] for row in group["rows"]] == ["", "potential only (1)"]


def test_a_total_says_how_many_figures_of_which_entries_counted_and_why_others_did_not(
    england: Any, hours: Any
) -> None:
    region = RegionFactory()
    MembershipFactory(organisation=region, within=england)
    none, both = InnovationFactory(published=True), InnovationFactory(published=True)
    add_figure(both, measure=hours, place=england)
    for told in [{"place": region}, {"place": region}, {"place": None}, {"place": england, "role": "baseline"}]:
        add_figure(both, measure=hours, **told)
    row = totals_of(none, both)["bases"][0]["rows"][0]
    assert (row["counted"], [share["number"] for share in row["shares"]], row["left_out"]) == (1, [2], 4)
    assert row["why"] == "not a benefit (1), period or place not stated (1), overlaps a counted figure (2)"


def test_a_total_that_entries_share_is_a_chart_of_what_each_put_in(england: Any, hours: Any) -> None:
    first = entry_with(measure=hours, place=england, value=Decimal(10), qualifier="about", gross_or_net="net")
    second = entry_with(measure=hours, place=england, value=Decimal(30))
    alone = MeasureFactory(name="Beds freed")
    add_figure(second, measure=alone, place=england)
    (shown,) = charts(snapshot_of(first, second))
    assert (shown["chart"].title, shown["basis_text"], shown["note"]) == (
        "Staff hours released, by entry",
        "Observed",
        "Together: about 40 hours.",
    )
    bars = [(bar.amount.label, bar.amount.text, bar.length) for bar in shown["chart"].bars]
    assert bars == [
        (first.title, "About 10 hours", Decimal("33.33")),
        (second.title, "30 hours", Decimal("100.00")),
    ]


def test_every_figure_of_a_measure_that_adds_up_is_told_of_once(england: Any, hours: Any) -> None:
    entries = [
        entry_with(measure=measure, place=england, **told)
        for measure in (hours, MeasureFactory(), MeasureFactory(additive=False))
        for told in [{"role": "target"}, {"basis": "modelled", "achievement": "potential"}, {"basis": "not_stated"}]
    ]
    totals = totals_of(*entries)
    told_of = sum(row["counted"] + row["left_out"] for group in totals["bases"] for row in group["rows"])
    assert told_of + totals["without_total"]["count"] == 6
    assert totals["without_total"]["why"] == "not a benefit (2), potential only (2)"


def test_several_entries_of_which_nothing_counts_say_so_and_a_single_one_is_silent(england: Any, hours: Any) -> None:
    first, second = (entry_with(measure=hours, place=england, achievement="potential") for _ in range(2))
    assert totals_of(first) is None
    assert totals_of(first, second)["bases"] == []
    html = write_html(snapshot_of(first, second))
    assert "No figure can be counted." in html
    assert "2 figures of measures that add up are in no total: potential only (2)." in " ".join(html.split())


def test_without_figures_that_add_up_or_without_england_there_is_no_section(hours: Any) -> None:
    with_hours = entry_with(measure=hours, place=IcbFactory())
    assert totals_of(with_hours, InnovationFactory(published=True)) is None
    CountryFactory(code="ENG")
    assert totals_of(InnovationFactory(published=True), InnovationFactory(published=True)) is None


def test_places_lie_as_they_did_on_the_packs_day(england: Any, hours: Any) -> None:
    region = RegionFactory()
    MembershipFactory(organisation=region, within=england)
    totals = totals_of(entry_with(measure=hours, place=region))
    assert totals["as_at_text"] == "As at 31 January 2026"
    assert rows(totals) == [("Observed", "1,250 hours")]


def test_the_totals_are_part_of_the_content_hash(england: Any, hours: Any) -> None:
    data = snapshot_of(entry_with(measure=hours, place=england))
    totals = data["totals"]
    other = {**totals, "bases": [{**totals["bases"][0], "basis": "Modelled"}]}
    assert content_hash(data) != content_hash({**data, "totals": other})


def test_a_pack_that_adds_up_does_not_say_that_nothing_is_added_up(england: Any, hours: Any) -> None:
    adding = write_html(snapshot_of(entry_with(measure=hours, place=england)))
    assert "Do not add figures up yourself" in adding
    assert "Figures are not added up" not in adding
    assert "Figures are not added up" in write_html(snapshot_of(InnovationFactory(published=True)))


def test_a_pack_frozen_before_there_were_totals_can_still_be_made() -> None:
    data = snapshot_of(InnovationFactory(published=True))
    del data["totals"]
    assert 'id="totals"' not in write_html(data)


@pytest.mark.slow
def test_the_document_shows_the_section_and_stays_tagged(england: Any, hours: Any) -> None:
    first, second = full_entry(1), full_entry(2)
    add_figure(first, measure=hours, place=england, qualifier="more_than", value=Decimal(29103))
    add_figure(second, measure=hours, place=england, value=Decimal(50))
    pdf = render_pack(snapshot_of(first, second))
    text = text_of(PdfReader(BytesIO(pdf)))
    for words in [
        "What these entries add up to",
        "At least 29,153 hours",
        "Staff hours released, by entry",
        "As at 31 January 2026",
        "Left out, and why",
    ]:
        assert words in text, words
    assert audit(pdf).problems == []


@pytest.mark.slow
@pytest.mark.parametrize("how_many", [2, 20])
def test_twenty_entries_cost_as_many_queries_as_two(
    england: Any, django_assert_num_queries: Any, how_many: int
) -> None:
    entries = [full_entry(number) for number in range(how_many)]
    for entry in entries:
        add_figure(entry, place=england, published=False)
    slugs = [entry.slug for entry in entries]
    with transaction.atomic(), django_assert_num_queries(50):
        data = build_snapshot(
            entries=read_entries(slugs), options=PackOptions(title="Options"), as_at=date(2026, 1, 31)
        )
    assert data["totals"]["bases"]

"""The service that feeds the ledger from the database."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portal.benefits.breakdowns import breakdowns_of
from portal.benefits.contradictions import every_contradiction, said_by_editors, told_under_several_measures
from portal.benefits.ledgers import NOTHING_COUNTED, Total, read_figures, total_of
from portal.benefits.models import BenefitFigure, Measure
from portal.benefits.questions import Asked, ask
from portal.benefits.rows import counted_rows, left_out_rows
from portal.organisations.models import Organisation
from tests.factories import (
    CaseStudyFactory,
    DeflatorFactory,
    EvidenceFactory,
    IcbFactory,
    InnovationFactory,
    MeasureFactory,
    MembershipFactory,
    PlanStrandFactory,
    RegionFactory,
    ThemeFactory,
    TrustFactory,
    WorkingTimeFactory,
    add_figure,
    publish_with_figure,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(england: Organisation) -> Asked:
    return ask(place=england)


def figure(place: Organisation, measure: Measure, value: int, **fields: Any) -> BenefitFigure:
    """A figure of an entry of its own, unless `entry` is given."""
    fields |= {"place": place, "measure": measure, "value": Decimal(value)}
    return add_figure(**fields) if "entry" in fields else publish_with_figure(InnovationFactory(), **fields)


def region_in(england: Organisation, **fields: Any) -> Organisation:
    region: Organisation = RegionFactory(**fields)
    MembershipFactory(organisation=region, within=england)
    return region


def reasons(total: Total) -> dict[str, str]:
    return {str(row.figure.public_id): row.reason for row in left_out_rows(total)}


def test_only_published_figures_are_candidates(england: Organisation, hours: Measure, asked: Asked) -> None:
    counted = figure(england, hours, 10)
    figure(england, hours, 5, entry=InnovationFactory())
    total = total_of(hours, asked)
    assert [row.figure for row in counted_rows(total)] == [counted]
    assert total.ledger.left_out == ()


def test_a_withdrawn_entry_leaves_the_total_at_once(england: Organisation, hours: Measure, asked: Asked) -> None:
    kept = figure(england, hours, 10)
    gone = figure(england, hours, 5)
    assert total_of(hours, asked).ledger.total == 15
    gone.entry.unpublish()
    assert [row.figure for row in counted_rows(total_of(hours, asked))] == [kept]


def test_the_total_has_one_text(england: Organisation, hours: Measure, asked: Asked) -> None:
    figure(england, hours, 7000, qualifier="more_than")
    figure(england, hours, 121)
    total = total_of(hours, asked)
    assert total.text == "At least 7,121 hours"
    assert total.range_text == ""


def test_a_range_is_shown_when_every_row_has_one(england: Organisation, hours: Measure, asked: Asked) -> None:
    figure(england, hours, 10, low=8, high=12)
    figure(england, hours, 20, low=15, high=30)
    assert total_of(hours, asked).range_text == "23 to 42 hours"


def test_nothing_counted_is_said_and_is_no_zero(england: Organisation, hours: Measure, asked: Asked) -> None:
    assert total_of(hours, asked).text == NOTHING_COUNTED


@pytest.mark.parametrize("narrowed_by", ["theme", "strand", "kind"])
def test_theme_strand_and_kind_choose_the_entries(
    england: Organisation, hours: Measure, asked: Asked, narrowed_by: str
) -> None:
    theme, strand = ThemeFactory(), PlanStrandFactory()
    entry = CaseStudyFactory(published=True, themes=[theme], plan_strands=[strand])
    wanted = figure(england, hours, 10, entry=entry)
    figure(england, hours, 5)
    value = {"theme": theme, "strand": strand, "kind": "case_study"}[narrowed_by]
    assert [row.figure for row in counted_rows(total_of(hours, asked.but(**{narrowed_by: value})))] == [wanted]


def test_what_says_again_a_figure_under_another_measure_is_left_out(
    england: Organisation, hours: Measure, asked: Asked
) -> None:
    days = MeasureFactory(key="working-days-released", unit="working days")
    original = figure(england, hours, 7_200_000)
    again = figure(england, days, 965_000, entry=original.entry, restates=original.public_id)
    in_words = figure(england, days, 960_000, entry=original.entry, restates=again.public_id)
    total = total_of(days, asked)
    assert reasons(total) == dict.fromkeys([str(again.public_id), str(in_words.public_id)], "restates_a_counted_figure")
    assert {row.displaced_by for row in left_out_rows(total)} == {original}
    assert total_of(hours, asked).ledger.total == 7_200_000


def test_restatements_in_a_circle_count_once(england: Organisation, hours: Measure, asked: Asked) -> None:
    first = figure(england, hours, 10)
    second = figure(england, hours, 10, restates=first.public_id)
    BenefitFigure.objects.filter(pk=first.pk).update(restates=second.public_id)
    assert total_of(hours, asked).ledger.total == 10


def test_stronger_evidence_is_kept(england: Organisation, hours: Measure, asked: Asked) -> None:
    entry = InnovationFactory(published=True)
    figure(england, hours, 99, entry=entry, evidence=EvidenceFactory(type="supplier_material"))
    trial = figure(england, hours, 10, entry=entry, evidence=EvidenceFactory(type="rct"))
    total = total_of(hours, asked)
    assert [row.figure for row in counted_rows(total)] == [trial]


def test_a_row_of_other_prices_says_so(england: Organisation, asked: Asked) -> None:
    money = MeasureFactory(unit="GBP", price_year=2022)
    figure(england, money, 100, price_year=2020)
    assert total_of(money, asked).text == NOTHING_COUNTED
    DeflatorFactory(year=2020, index=100)
    DeflatorFactory(year=2022, index=110)
    total = total_of(money, asked)
    assert (total.text, [row.note for row in counted_rows(total)]) == ("£110", ["£100 in 2020/21 prices."])
    assert total.caveats == ["1 figure brought to 2022/23 prices."]


def test_a_sum_says_what_a_reader_must_know(england: Organisation, asked: Asked) -> None:
    money = MeasureFactory(unit="GBP", counts_people=True)
    figure(england, money, 100, gross_or_net="gross")
    figure(england, money, 50, gross_or_net="net")
    assert total_of(money, asked).caveats == [
        "The sum holds both gross and net figures.",
        "A person who took part in several programmes may be counted in each.",
        "2 figures with no stated price year, added as stated.",
    ]


def test_hours_are_also_said_as_days_and_posts_of_a_year(england: Organisation, hours: Measure, asked: Asked) -> None:
    figure(england, hours, 19500)
    constants = WorkingTimeFactory()
    assert total_of(hours, asked).converted(constants) == "About 2,600 working days"
    year = asked.but(start=date(2023, 4, 1), end=date(2024, 3, 31))
    assert total_of(hours, year).converted(constants) == "About 2,600 working days, or 10 whole-time posts"


def test_the_parts_of_a_total_are_ledgers_of_their_own(england: Organisation, hours: Measure) -> None:
    london, kent = region_in(england, name="London"), region_in(england, name="Kent")
    theme = ThemeFactory(name="Banks")
    figure(london, hours, 10, entry=InnovationFactory(published=True, themes=[theme]))
    figure(kent, hours, 5, period_start=date(2022, 4, 1), period_end=date(2023, 3, 31))
    figure(england, hours, 3, period_start=date(2022, 4, 1))
    asked = ask(place=england)
    parts = breakdowns_of(read_figures([hours], asked), asked)
    assert [(part.label, part.total.text) for part in parts.by_year] == [
        ("2022/23", "5 hours"),
        ("2023/24", "10 hours"),
    ]
    assert {part.label: part.total.text for part in parts.by_region} == {"London": "10 hours", "Kent": "5 hours"}
    assert [(part.label, part.total.text) for part in parts.by_theme] == [("Banks", "10 hours")]
    assert parts.by_region[0].total.address != total_of(hours, asked).address


def test_editors_pairs_and_several_measures_are_found(england: Organisation, hours: Measure, asked: Asked) -> None:
    money = MeasureFactory(unit="GBP")
    first = figure(england, hours, 10, overlap_group="one-benefit")
    second = figure(england, money, 99, overlap_group="one-benefit", contradicts=first.public_id)
    assert [found.figures for found in said_by_editors()] == [[first, second]]
    assert [set(found.figures) for found in told_under_several_measures(hours)] == [{first, second}]
    assert told_under_several_measures(MeasureFactory()) == []
    assert [found.kind for found in every_contradiction(ask(place=england))] == ["said_by_editors"]


def test_parts_that_exceed_their_whole_are_found_and_said(england: Organisation, hours: Measure) -> None:
    entry = InnovationFactory(published=True)
    whole = figure(england, hours, 10, entry=entry)
    wessex = figure(region_in(england), hours, 6, entry=entry)
    kent = figure(region_in(england), hours, 8, entry=entry)
    (found,) = every_contradiction(ask(place=england))
    assert found.why == "The parts reported add up to more than the whole: 14 hours against 10 hours."
    assert found.figures[0] == whole
    assert set(found.figures[1:]) == {wessex, kent}


@pytest.mark.parametrize("how_many", [1, 20])
def test_totals_cost_the_same_for_one_figure_as_for_twenty(
    england: Organisation, hours: Measure, django_assert_num_queries: Any, how_many: int
) -> None:
    board = IcbFactory()
    MembershipFactory(organisation=board, within=england)
    for _ in range(how_many):
        trust = TrustFactory()
        MembershipFactory(organisation=trust, within=board)
        figure(trust, hours, 10)
    asked = ask(place=england)
    with django_assert_num_queries(6):
        assert total_of(hours, asked).ledger.total == 10 * how_many

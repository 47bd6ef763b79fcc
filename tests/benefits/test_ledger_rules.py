"""The ledger's rules, one by one: what can be counted, what overlaps, which of two is kept."""

from datetime import date
from typing import Any

import pytest

from portal.benefits.calculations import Question, Reason, work_out_parts
from tests.benefits.scene import (
    DEVON,
    ENGLAND,
    HOURS,
    KENT,
    KENT_TRUST,
    NETWORK,
    OLD_BOARD,
    POUNDS,
    RATIO,
    SETTING,
    SOUTH_EAST,
    SOUTH_WEST,
    WESSEX,
    ask,
    ask_all,
    counted,
    figure,
    financial_year,
    left_out,
    total_until,
)

IN_2022 = {"start": date(2022, 4, 1), "end": date(2023, 3, 31)}
BEFORE_2022 = financial_year(2021)
LEVEL = {"period_kind": "as_at", "start": None, "end": date(2022, 9, 1)}
NOT_DATED = {"period_kind": "not_stated", "start": None, "end": None}


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"published": False}, Reason.ENTRY_NOT_PUBLISHED),
        ({"measure": RATIO}, Reason.NOT_ADDITIVE),
        *[({"role": role}, Reason.NOT_A_BENEFIT) for role in ("baseline", "outturn", "target", "input", "context")],
        ({"achievement": "potential"}, Reason.POTENTIAL_ONLY),
        ({"qualifier": "up_to"}, Reason.UPPER_BOUND),
        ({"basis": "modelled"}, Reason.OTHER_BASIS),
        ({"basis": "not_stated"}, Reason.OTHER_BASIS),
        ({"place": None}, Reason.NOT_STATED),
        (NOT_DATED, Reason.NOT_STATED),
        ({"place": DEVON}, Reason.OUTSIDE_PLACE),
        ({"place": ENGLAND}, Reason.WIDER_PLACE),
        ({"place": NETWORK}, Reason.WIDER_PLACE),
        (financial_year(2021), Reason.OUTSIDE_PERIOD),
        (financial_year(2023), Reason.OUTSIDE_PERIOD),
        (financial_year(2021, years=2), Reason.PARTLY_OUTSIDE_PERIOD),
        (total_until(date(2022, 9, 30)), Reason.PARTLY_OUTSIDE_PERIOD),
        (LEVEL | {"end": date(2021, 9, 1)}, Reason.OUTSIDE_PERIOD),
    ],
)
def test_a_figure_that_cannot_answer_says_why_and_names_no_other(told: dict[str, Any], reason: Reason) -> None:
    ledger = ask(figure("a", **{"place": WESSEX, **told}), place=SOUTH_EAST, **IN_2022)

    assert left_out(ledger) == {"a": (reason, None)}
    assert ledger.total == 0


def test_what_was_achieved_is_left_out_of_what_could_be() -> None:
    ledger = ask(figure("done"), figure("could", achievement="potential"), achievement="potential")

    assert counted(ledger) == {"could"}
    assert left_out(ledger) == {"done": (Reason.ALREADY_ACHIEVED, None)}


@pytest.mark.parametrize("basis", ["observed", "modelled", "not_stated"])
def test_each_basis_is_a_question_of_its_own(basis: str) -> None:
    figures = [figure(name, basis=name) for name in ("observed", "modelled", "not_stated")]

    assert counted(ask(*figures, basis=basis)) == {basis}


@pytest.mark.parametrize(
    "period", [financial_year(2022), total_until(date(2022, 9, 30), date(2022, 4, 1)), LEVEL], ids=str
)
def test_a_figure_within_the_asked_place_and_period_is_counted(period: dict[str, Any]) -> None:
    assert ask(figure("a", place=KENT_TRUST, **period), place=SOUTH_EAST, **IN_2022).total == 10


def test_a_running_total_without_a_start_counts_where_the_question_has_none() -> None:
    assert ask(figure("a", **total_until(date(2022, 9, 30))), end=date(2023, 3, 31)).total == 10


def test_the_first_reason_in_their_order_is_the_one_given() -> None:
    ledger = ask(figure("a", published=False, role="target", achievement="potential", place=None))

    assert left_out(ledger) == {"a": (Reason.ENTRY_NOT_PUBLISHED, None)}


@pytest.mark.parametrize(
    ("per", "period", "reason"),
    [
        ("month", financial_year(2022), Reason.NOT_ADDITIVE),
        ("trust", financial_year(2022), Reason.NOT_ADDITIVE),
        ("year", financial_year(2022), None),
        ("year", financial_year(2023), None),
        ("year", financial_year(2021, years=2), Reason.NOT_ADDITIVE),
        ("year", total_until(date(2023, 3, 31), date(2022, 4, 1)), Reason.NOT_ADDITIVE),
        ("year", NOT_DATED, Reason.NOT_STATED),
    ],
)
def test_a_rate_is_no_total_but_one_per_year_for_one_year_is(
    per: str, period: dict[str, Any], reason: Reason | None
) -> None:
    ledger = ask(figure("a", per=per, **period))

    assert left_out(ledger) == ({"a": (reason, None)} if reason else {})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"entry": 1}, {"entry": 1}),
        ({"entry": 1, "family": "e-rostering"}, {"entry": 2, "family": "e-rostering"}),
        ({"entry": 1, "overlap_group": "agency"}, {"entry": 2, "overlap_group": "agency"}),
    ],
)
def test_an_entry_a_family_or_a_group_in_common_is_counted_once(one: dict[str, Any], other: dict[str, Any]) -> None:
    ledger = ask(figure("a", **one), figure("b", **other))

    assert counted(ledger) == {"a"}
    assert left_out(ledger) == {"b": (Reason.OVERLAPS, "a")}


@pytest.mark.parametrize(
    "other",
    [
        {"entry": 2},
        {"entry": 2, "family": "passports", "overlap_group": "e-rostering"},
        {"place": DEVON},
        financial_year(2021),
        financial_year(2023),
    ],
    ids=str,
)
def test_figures_without_key_ground_or_time_in_common_are_both_counted(other: dict[str, Any]) -> None:
    one = figure("a", place=KENT, family="e-rostering")

    assert ask(one, figure("b", **{"place": KENT, **other})).total == 20


def test_periods_overlap_when_they_share_a_single_day() -> None:
    last_day = {"start": date(2023, 3, 31), "end": date(2023, 9, 30)}

    assert counted(ask(figure("a"), figure("b", **last_day))) == {"a"}


def test_figures_of_two_measures_never_displace_each_other() -> None:
    ledgers = ask_all(figure("hours"), figure("pounds", "500", measure=POUNDS))

    assert {measure: ledger.total for measure, ledger in ledgers.items()} == {HOURS: 10, POUNDS: 500, RATIO: 0}


@pytest.mark.parametrize("region", [SOUTH_EAST, SOUTH_WEST])
def test_a_network_and_a_region_it_crosses_share_ground(region: int) -> None:
    ledger = ask(figure("region", place=region), figure("network", place=NETWORK))

    assert {reason for reason, _ in left_out(ledger).values()} == {Reason.OVERLAPS}


@pytest.mark.parametrize("heir", [WESSEX, KENT, NETWORK])
def test_a_split_board_shares_ground_with_its_heirs_and_what_holds_them(heir: int) -> None:
    ledger = ask(figure("before", place=OLD_BOARD, strength=1), figure("after", place=heir))

    assert len(ledger.counted) == len(ledger.left_out) == 1


def test_a_split_board_shares_no_ground_with_others() -> None:
    assert ask(figure("a", place=OLD_BOARD), figure("b", place=DEVON)).total == 20


@pytest.mark.parametrize(
    ("kept", "other", "reason"),
    [
        ({"gross_or_net": "net", "place": WESSEX}, {"gross_or_net": "gross", "place": ENGLAND}, Reason.OVERLAPS),
        ({"gross_or_net": "net"}, {"gross_or_net": "", "strength": 5}, Reason.OVERLAPS),
        ({"place": ENGLAND}, {"place": WESSEX, "strength": 5, "source_date": "2024"}, Reason.OVERLAPS),
        (total_until(date(2023, 3, 31)), {**total_until(date(2022, 3, 31)), "strength": 5}, Reason.SUPERSEDED),
        (total_until(date(2023, 3, 31)), {**LEVEL, "strength": 5}, Reason.SUPERSEDED),
        (total_until(date(2023, 3, 31)), {**financial_year(2022), "strength": 5}, Reason.OVERLAPS),
        ({"strength": 2}, {"strength": 1, "source_date": "2024"}, Reason.OVERLAPS),
        (
            {"source_date": "2023-05-02"},
            {"source_date": "2023-05-01", **financial_year(2021, years=3)},
            Reason.OVERLAPS,
        ),
        ({"source_date": "2023-05"}, {"source_date": "2023"}, Reason.OVERLAPS),
        ({"source_date": "1998"}, {"source_date": ""}, Reason.OVERLAPS),
        (financial_year(2022, years=2), financial_year(2022), Reason.OVERLAPS),
        (total_until(date(2022, 9, 1)), LEVEL, Reason.OVERLAPS),
    ],
    ids=str,
)
def test_of_two_that_overlap_the_better_one_is_kept(
    kept: dict[str, Any], other: dict[str, Any], reason: Reason
) -> None:
    ledger = ask(figure("a", **other), figure("z", **kept))

    assert counted(ledger) == {"z"}
    assert left_out(ledger) == {"a": (reason, "z")}


def test_of_two_alike_the_lower_id_is_kept() -> None:
    assert left_out(ask(figure("b"), figure("a"))) == {"b": (Reason.OVERLAPS, "a")}


def test_a_figure_that_is_left_out_displaces_none() -> None:
    first = figure("first", **financial_year(2021, years=2), source_date="2024")
    between = figure("between", start=date(2023, 1, 1), end=date(2023, 6, 30), source_date="2023")
    last = figure("last", **financial_year(2023))

    ledger = ask(first, between, last)

    assert counted(ledger) == {"first", "last"}
    assert left_out(ledger) == {"between": (Reason.OVERLAPS, "first")}


def test_a_figure_is_superseded_by_the_one_that_says_so() -> None:
    earlier, later = figure("a", entry=1), figure("b", "15", entry=2, place=WESSEX, supersedes="a", **LEVEL)

    ledger = ask(earlier, later._replace(place=ENGLAND, gross_or_net="net"))

    assert ledger.total == 15
    assert left_out(ledger) == {"a": (Reason.SUPERSEDED, "b")}


def test_the_earlier_figure_counts_again_when_the_later_is_outside_the_period() -> None:
    earlier, later = figure("a"), figure("b", "15", supersedes="a", **financial_year(2022, years=2))

    ledger = ask(earlier, later, **IN_2022)

    assert counted(ledger) == {"a"}
    assert left_out(ledger) == {"b": (Reason.PARTLY_OUTSIDE_PERIOD, None)}


def test_a_better_earlier_figure_is_kept_and_what_supersedes_it_names_it() -> None:
    ledger = ask(figure("a", gross_or_net="net"), figure("b", entry=2, place=DEVON, supersedes="a"))

    assert left_out(ledger) == {"b": (Reason.OVERLAPS, "a")}


def test_superseding_a_figure_that_is_not_there_changes_nothing() -> None:
    assert ask(figure("a", supersedes="gone"), figure("b", entry=2)).total == 20


def test_a_benefit_said_again_in_another_unit_is_left_out_there() -> None:
    ledgers = ask_all(figure("hours"), figure("pounds", "500", measure=POUNDS, restates="hours"))

    assert ledgers[HOURS].total == 10
    assert ledgers[POUNDS].total == 0
    assert left_out(ledgers[POUNDS]) == {"pounds": (Reason.RESTATES, "hours")}


def test_a_restatement_counts_when_what_it_restates_does_not() -> None:
    ledgers = ask_all(
        figure("hours", role="target"),
        figure("pounds", "500", measure=POUNDS, restates="hours"),
        figure("pounds-again", "501", entry=2, measure=POUNDS, restates="hours"),
    )

    assert counted(ledgers[POUNDS]) == {"pounds"}
    assert left_out(ledgers[POUNDS]) == {"pounds-again": (Reason.RESTATES, "pounds")}


@pytest.mark.parametrize("restated", ["ba", "cab"])
@pytest.mark.parametrize("measure", [HOURS, POUNDS])
def test_of_figures_that_restate_each_other_in_a_circle_one_is_counted(measure: str, restated: str) -> None:
    first, *others = [figure(name, entry=ord(name), restates=told) for name, told in zip("abc", restated, strict=False)]
    ledgers = ask_all(first, *(row._replace(measure=measure) for row in others))

    assert counted(ledgers[HOURS]) == {"a"}
    assert left_out(ledgers[measure]) == {row.figure: (Reason.RESTATES, "a") for row in others}


def test_a_restatement_gives_way_to_whatever_it_overlaps() -> None:
    ledger = ask(figure("a", restates="gone", gross_or_net="net", strength=5), figure("b", place=KENT_TRUST))

    assert left_out(ledger) == {"a": (Reason.OVERLAPS, "b")}


def test_each_part_of_a_question_has_its_own_ledger() -> None:
    figures = [
        figure("early", "3", **BEFORE_2022),
        figure("late", "4"),
        figure("both", "9", **financial_year(2021, years=2)),
    ]
    years = {year: Question(ENGLAND, date(year, 4, 1), date(year + 1, 3, 31)) for year in (2021, 2022, 2023)}

    parts = work_out_parts(figures, years, lambda row: [row.start.year] if row.start else [], SETTING)

    assert {year: ledgers[HOURS].total for year, ledgers in parts.items()} == {2021: 3, 2022: 4, 2023: 0}

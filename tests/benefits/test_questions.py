"""What an address asks of the ledger, and what is said when it can't be answered."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from portal.benefits.questions import Asked, BadQuestion, find_additive_measure, read_page, read_question
from portal.organisations.models import Organisation
from tests.factories import (
    IcbFactory,
    MeasureFactory,
    SuccessionFactory,
    ThemeFactory,
    TrustFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("england")]


def read(query: str) -> Asked:
    return read_question(QueryDict(query))


def problems(query: str) -> dict[str, str]:
    with pytest.raises(BadQuestion) as caught:
        read(query)
    assert all(problem.fix for problem in caught.value.problems)
    return {problem.field: problem.problem for problem in caught.value.problems}


def test_nothing_asked_is_all_that_was_observed_and_achieved_in_england(england: Organisation) -> None:
    asked = read("")
    assert (asked.place, asked.start, asked.end) == (england, None, None)
    assert (asked.basis, asked.achievement, asked.as_at) == ("observed", "achieved", timezone.localdate())


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("period=2022/23", date(2022, 4, 1), date(2023, 3, 31)),
        ("period=2022-23", date(2022, 4, 1), date(2023, 3, 31)),
        ("period=1999/00", date(1999, 4, 1), date(2000, 3, 31)),
        ("period=2011-12", date(2011, 4, 1), date(2012, 3, 31)),
        ("period=2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("period=all", None, None),
        ("from=2022-02-03&to=2022-02-03", date(2022, 2, 3), date(2022, 2, 3)),
        ("from=2022-02-03", date(2022, 2, 3), None),
        ("to=2022-02-03", None, date(2022, 2, 3)),
    ],
)
def test_a_period_is_a_financial_year_a_calendar_year_or_any_dates(
    query: str, start: date | None, end: date | None
) -> None:
    asked = read(query)
    assert (asked.start, asked.end) == (start, end)


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("period=2022/24", "period", "2022 is followed by 2023"),
        ("period=last year", "period", "is not a period"),
        ("period=0001", "period", "is not a period"),
        ("period=٢٠٢٢", "period", "is not a period"),
        ("period=" + "9" * 5000, "period", "at most 20 characters"),
        ("period=2022&from=2022-01-01", "period", "not both"),
        ("from=2023-02-30", "from", "not a day of the calendar"),
        ("to=tomorrow", "to", "not a day of the calendar"),
        ("from=2024-01-01&to=2023-12-31", "to", "ends before it starts"),
        ("place=ZZZ", "place", "No organisation has the code “ZZZ”"),
        ("place=%00", "place", "Null characters"),
        ("theme=nope", "theme", "no such theme"),
        ("strand=nope", "strand", "no such plan strand"),
        ("kind=page", "kind", "is not a kind of entry"),
        ("basis=guessed", "basis", "“guessed” is not a basis"),
        ("achievement=hoped", "achievement", "“hoped” is not a known answer"),
        ("price_year=soon", "price_year", "not a year"),
        ("price_year=1066", "price_year", "1948"),
        ("as_at=9999-01-01", "as_at", "still to come"),
        ("as_at=1", "as_at", "not a day of the calendar"),
        ("year=2022/23", "year", "no part of a question"),
        ("place=ENG&place=Y56", "place", "more than once"),
    ],
)
def test_a_question_that_cannot_be_answered_names_the_field_and_what_would_do(
    query: str, field: str, says: str
) -> None:
    assert says in problems(query)[field]


@pytest.mark.parametrize("query", ["utm_source=mail&fbclid=1", "place=ENG&place=ENG", "page=2", "place=&place=ENG"])
def test_what_others_add_to_an_address_and_what_is_said_twice_alike_ask_nothing_else(query: str) -> None:
    assert read(query).parameters() == {}


def test_all_problems_are_told_at_once() -> None:
    assert set(problems("period=x&place=y&basis=z&as_at=w")) == {"period", "place", "basis", "as_at"}


def test_a_place_is_found_by_its_code_in_any_case() -> None:
    board = IcbFactory(code="QJK")
    assert read("place=qjk").place == board


def test_a_merged_board_is_asked_for_as_its_successor() -> None:
    old, new = IcbFactory(closed_on=date(2024, 3, 31)), IcbFactory(opened_on=date(2024, 4, 1))
    SuccessionFactory(predecessor=old, successor=new, on=date(2024, 4, 1))
    asked = read(f"place={old.code}")
    assert (asked.place, asked.moved_from) == (new, old)
    before = read(f"place={old.code}&as_at=2024-03-31")
    assert (before.place, before.moved_from) == (old, None)


def test_a_chain_of_mergers_is_followed_to_its_end() -> None:
    first = TrustFactory(closed_on=date(2020, 3, 31))
    second = TrustFactory(closed_on=date(2022, 3, 31))
    third = TrustFactory()
    SuccessionFactory(predecessor=first, successor=second, on=date(2020, 4, 1))
    SuccessionFactory(predecessor=second, successor=third, on=date(2022, 4, 1))
    assert read(f"place={first.code}").place == third
    assert read(f"place={first.code}&as_at=2021-01-01").place == second


def test_a_split_board_is_not_one_place_and_its_successors_are_named() -> None:
    old = IcbFactory(name="NHS Frimley Integrated Care Board", closed_on=date(2026, 3, 31))
    for successor in IcbFactory.create_batch(2):
        SuccessionFactory(predecessor=old, successor=successor, on=date(2026, 4, 1))
    assert "had been split between" in problems(f"place={old.code}")["place"]


def test_a_place_cannot_be_asked_for_before_it_opened() -> None:
    board = IcbFactory(opened_on=date(2024, 4, 1))
    assert "opened on 1 April 2024" in problems(f"place={board.code}&as_at=2024-03-31")["place"]


def test_a_place_that_closed_without_a_known_successor_is_still_answered_for() -> None:
    trust = TrustFactory(closed_on=date(2020, 1, 1))
    assert read(f"place={trust.code}").place == trust


@pytest.mark.parametrize(
    "query",
    [
        "",
        "period=2022%2F23",
        "period=2022",
        "from=2022-02-03&to=2022-02-04",
        "place=QJK&theme=banks&kind=innovation&basis=modelled&achievement=potential&price_year=2020&as_at=2024-01-02",
    ],
)
def test_a_question_gives_the_address_that_asks_it_again(query: str) -> None:
    IcbFactory(code="QJK")
    ThemeFactory(slug="banks")
    asked = read(query)
    assert asked.address() == (f"?{query}" if query else "")
    assert read(asked.address()[1:]).for_ledger() == asked.for_ledger()


def test_a_default_need_not_be_said() -> None:
    today = timezone.localdate()
    assert read(f"place=ENG&basis=observed&achievement=achieved&period=all&as_at={today}").address() == ""
    assert read(f"as_at={today - timedelta(days=1)}").address() != ""


def test_an_unknown_measure_and_one_that_does_not_add_up_are_refused() -> None:
    MeasureFactory(key="leaver-rate", unit="percent", additive=False)
    MeasureFactory(key="being-written", status="draft")
    for key, status in (("nope", 404), ("being-written", 404), ("leaver-rate", 400)):
        with pytest.raises(BadQuestion) as caught:
            find_additive_measure(key)
        assert (caught.value.status, caught.value.problems[0].field) == (status, "measure")


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "one", "9999999", "²"])
def test_a_page_of_rows_is_a_whole_number(text: str) -> None:
    with pytest.raises(BadQuestion):
        read_page(QueryDict(f"page={text}"))

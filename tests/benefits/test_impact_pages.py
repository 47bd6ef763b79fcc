"""The impact pages: totals with their working, bases apart, and what is wrong with a question."""

import json
import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from portal.benefits.models import BenefitFigure, Measure
from portal.organisations.models import Organisation
from tests.factories import (
    CountryFactory,
    EvidenceFactory,
    IcbFactory,
    InnovationFactory,
    MeasureFactory,
    MembershipFactory,
    NetworkClaimFactory,
    PlanStrandFactory,
    RegionFactory,
    SuccessionFactory,
    ThemeFactory,
    TrustFactory,
    WorkingTimeFactory,
    add_figure,
    cite,
    publish,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("england")]

HOURS = "/impact/hours-released/"
BAD_QUESTIONS = [
    ("period=2022/24", "period", "2022 is followed by 2023"),
    ("period=2022&from=2022-01-01", "period", "not both"),
    ("from=2023-02-30", "from", "not a day of the calendar"),
    ("from=2024-01-01&to=2023-12-31", "to", "ends before it starts"),
    ("place=ZZZ", "place", "No organisation has the code “ZZZ”"),
    ("theme=nope", "theme", "no such theme"),
    ("strand=nope", "strand", "no such"),
    ("kind=nope", "kind", "not a kind of entry"),
    ("basis=guessed", "basis", "not a basis"),
    ("achievement=hoped", "achievement", "not a known answer"),
    ("price_year=1066", "price_year", "1948"),
    ("as_at=2999-01-01", "as_at", "still to come"),
]


def figure(measure: Measure, place: Organisation, value: int, **fields: Any) -> BenefitFigure:
    """A figure of an entry of its own, unless `entry` is given; shown without being published again."""
    entry = fields.pop("entry", None) or InnovationFactory(published=True)
    return add_figure(entry, measure=measure, place=place, value=Decimal(value), published=False, **fields)


def inside(place: Organisation, holder: Organisation) -> Organisation:
    MembershipFactory(organisation=place, within=holder)
    return place


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(" ".join(answer.content.decode().split()))


def json_of(client: Client, query: str = "") -> Any:
    return json.loads(client.get(f"/impact/hours-released.json{query}").content)


def charts_in(page: str) -> list[str]:
    return re.findall(r'<figure class="app-chart">.*?</figure>', page)


def select_in(page: str, name: str) -> str:
    found = re.search(rf'<select [^>]*name="{name}">(.*?)</select>', page)
    assert found
    return found[1]


def test_each_basis_has_a_column_and_none_is_added_to_another(
    client: Client, england: Organisation, hours: Measure
) -> None:
    for basis, value in (("observed", 10), ("modelled", 200), ("not_stated", 3000)):
        figure(hours, england, value, basis=basis)
    page = page_of(client, "/impact/")
    row = page[page.index("Staff hours released") :]
    assert re.findall(r'app-impact__total">([^<]*)', row) == ["10 hours", "200 hours", "3,000 hours"]
    assert 'href="/impact/hours-released/?basis=modelled"' in page
    assert row.count("1 counted, 2 left out") == 3
    assert not re.search("210|3,010|3,200|3,210", page)


def test_the_impact_page_says_what_is_asked_and_when(client: Client, hours: Measure) -> None:
    region, theme = RegionFactory(code="Y56", name="London"), ThemeFactory(slug="banks", name="Connected banks")
    page = page_of(client, f"/impact/?place={region.code}&period=2023/24&theme={theme.slug}&kind=case_study")
    told = page[page.index('class="app-asked"') : page.index("Totals, by measure")]
    for words in ("Achieved", "2023/24", "London", "Theme: Connected banks", "Case studies only", "As at "):
        assert words in told


def test_potential_is_asked_apart_from_what_was_achieved(client: Client, england: Organisation, hours: Measure) -> None:
    figure(hours, england, 10)
    figure(hours, england, 70, achievement="potential")
    assert "70 hours" not in page_of(client, "/impact/")
    potential = page_of(client, "/impact/?achievement=potential")
    assert "What entries say could be achieved" in potential
    assert "70 hours" in potential
    assert ">10 hours<" not in potential


def test_measures_under_which_nothing_counts_are_named_with_the_way_to_why(
    client: Client, england: Organisation, hours: Measure
) -> None:
    figure(hours, england, 10)
    MeasureFactory(key="bed-days-saved", name="Bed days saved")
    page = page_of(client, "/impact/?period=2023/24")
    assert '<a href="/impact/bed-days-saved/?period=2023%2F24">Bed days saved</a>' in page


def test_findings_that_no_number_holds_are_heard_once_for_each_entry(client: Client, hours: Measure) -> None:
    entry = InnovationFactory(published=True, title="Kind rotas")
    for finding in ("Staff felt heard.", "Fewer arguments about shifts."):
        cite(entry, finding=finding, evidence=EvidenceFactory(published="2024", title="What staff said"))
    page = page_of(client, "/impact/")
    words = page[page.index('id="in-words"') :]
    assert "1 entry says what was found in words" in words
    assert words.count("Kind rotas") == 1
    assert "What staff said" in words


def test_findings_are_of_the_entries_asked_about(client: Client) -> None:
    asked = ThemeFactory(slug="banks")
    for title, themes in (("Of the theme", [asked]), ("Of another", [])):
        cite(InnovationFactory(published=True, title=title, themes=themes), finding="It helped.")
    page = page_of(client, "/impact/?theme=banks")
    assert "Of the theme" in page
    assert "Of another" not in page


def test_a_networks_claim_is_shown_and_is_in_no_total(client: Client, england: Organisation, hours: Measure) -> None:
    figure(hours, england, 10)
    claim = {"measure": hours, "place": england, "value": 350_000, "qualifier": "more_than", "basis": "observed"}
    NetworkClaimFactory(**claim, said_by="The AHSN Network", label="Clinical hours released back to care")
    for address in ("/impact/", HOURS):
        page = page_of(client, address)
        claims = page.index('id="networks-say"')
        assert "350,000" not in page[:claims]
        assert "More than 350,000 hours" in page[claims:]
        assert "Said by The AHSN Network" in page[claims:]
    assert json_of(client)["total"] == "10"


@pytest.mark.parametrize("query", ["", "?period=2023/24", "?basis=modelled", "?place=Y56", "?achievement=potential"])
def test_the_pages_numbers_are_the_files_numbers(
    client: Client, england: Organisation, hours: Measure, query: str
) -> None:
    london = inside(RegionFactory(code="Y56", name="London"), england)
    figure(hours, england, 7121, qualifier="about")
    figure(hours, london, 500, low=Decimal(450), high=Decimal(600), period_start=date(2022, 4, 1))
    figure(hours, london, 40, basis="modelled")
    figure(hours, england, 9000, achievement="potential")
    figure(hours, england, 3, per="month")
    page, told = page_of(client, HOURS + query), json_of(client, query)
    assert f">{told['text']}<" in page
    assert told["as_at_text"] in page
    assert f"{len(told['counted'])} figure" in page
    assert f"{len(told['left_out'])} left out" in page
    for row in told["counted"]:
        assert f"<strong>{row['text']}</strong>" in page
    for row in told["left_out"]:
        assert f"<strong>{row['text']}</strong>" in page
        assert row["why"] in page


def test_a_range_says_which_value_was_counted(client: Client, england: Organisation, hours: Measure) -> None:
    figure(hours, england, 500, low=Decimal(450), high=Decimal(600))
    page = page_of(client, HOURS)
    assert "Counted as 500 hours" in page
    assert "Range: 450 to 600 hours" in page


def test_a_doubted_number_is_one_link_from_its_source(client: Client, england: Organisation, hours: Measure) -> None:
    source = EvidenceFactory(title="An evaluation", url="https://example.org/evaluation", publisher="A university")
    entry = InnovationFactory(published=True, title="Bank app", slug="bank-app")
    counted = figure(hours, england, 10, entry=entry, evidence=source, locator="page 3", key="hours")
    page = page_of(client, HOURS)
    row = page[page.index(f'id="figure-{counted.public_id}"') :]
    assert '<a href="https://example.org/evaluation" rel="external">An evaluation</a>' in row
    assert "Look for: page 3" in row
    assert '<a href="/innovations/bank-app/#figure-hours">Bank app</a>' in row


def test_a_row_left_out_leads_to_the_counted_one(client: Client, england: Organisation, hours: Measure) -> None:
    entry = InnovationFactory(published=True)
    counted = figure(hours, england, 10, entry=entry, gross_or_net="net")
    out = figure(hours, england, 12, entry=entry, gross_or_net="gross")
    page = page_of(client, HOURS)
    row = page[page.index(f'id="figure-{out.public_id}"') :]
    assert 'id="left-out-overlaps_a_counted_figure"' in page
    assert f'href="#figure-{counted.public_id}"' in row
    assert page.index(f'id="figure-{counted.public_id}"') < page.index("Left out: overlaps a counted figure (1)")


def test_a_row_displaced_by_another_measures_figure_leads_to_that_entry(
    client: Client, england: Organisation, hours: Measure
) -> None:
    days = MeasureFactory(key="working-days-released", name="Working days released", unit="working days")
    entry = InnovationFactory(published=True, slug="bank-app")
    first = figure(days, england, 965_000, entry=entry, key="days")
    figure(hours, england, 7_200_000, entry=entry, restates=UUID(str(first.public_id)))
    page = page_of(client, HOURS)
    assert "Left out: says a counted figure again (1)" in page
    assert 'href="/innovations/bank-app/#figure-days"' in page


def test_a_long_ledger_says_how_much_of_it_is_shown(client: Client, england: Organisation, hours: Measure) -> None:
    entry = InnovationFactory(published=True)
    for value in range(1, 23):
        figure(hours, england, value, entry=entry)
    page = page_of(client, HOURS)
    assert "Left out: overlaps a counted figure (21)" in page
    assert "20 of them are shown" in page


def test_hours_are_shown_as_days_in_a_footnote(client: Client, england: Organisation, hours: Measure) -> None:
    WorkingTimeFactory(valid_from=date(2022, 4, 1))
    figure(hours, england, 7500)
    page = page_of(client, HOURS)
    assert "About 1,000 working days, for reading only: at 7.5 hours a day" in page
    assert "37.5 hours a week for 52 weeks" in page


def test_parts_that_add_up_to_more_than_the_whole_are_said(
    client: Client, england: Organisation, hours: Measure
) -> None:
    wessex, kent = (inside(IcbFactory(name=name), england) for name in ("Wessex", "Kent"))
    for place, value in ((england, 10), (wessex, 6), (kent, 8)):
        figure(hours, place, value, overlap_group="one-claim", locator=f"page {value}")
    for address in (HOURS, "/impact/contradictions/"):
        page = page_of(client, address)
        odds = page[page.index('class="app-odds"') :]
        assert "The parts reported add up to more than the whole: 14 hours against 10 hours." in odds
        for value in (10, 6, 8):
            assert f"<strong>{value} hours</strong>" in odds
            assert f"Look for: page {value}" in odds
    assert json_of(client)["total"] == "10"


def test_a_contradiction_under_a_measure_that_is_not_added_up_leads_to_the_dictionary(
    client: Client, england: Organisation
) -> None:
    waiting = MeasureFactory(key="waiting-time", name="Time people wait", additive=False)
    entry = InnovationFactory(published=True)
    first = figure(waiting, england, 153, entry=entry)
    figure(waiting, england, 55, entry=entry, contradicts=first.public_id)
    page = page_of(client, "/impact/contradictions/")
    assert f'<a href="{waiting.get_absolute_url()}">Time people wait</a>' in page
    assert "/impact/waiting-time/" not in page


def test_no_contradiction_is_said_in_words(client: Client) -> None:
    assert "Nothing was found" in page_of(client, "/impact/contradictions/")


def two_of_everything(england: Organisation, hours: Measure) -> None:
    """Two years, regions and themes, with an observed and a modelled figure in each."""
    for number in (1, 2):
        region = inside(RegionFactory(code=f"Y{number}", name=f"Region {number}"), england)
        theme = ThemeFactory(slug=f"theme-{number}", name=f"Theme {number}")
        period = {"period_start": date(2020 + number, 4, 1), "period_end": date(2021 + number, 3, 31)}
        for basis, value in (("observed", 10 * number), ("modelled", 1000 * number)):
            entry = InnovationFactory(published=True, themes=[theme])
            figure(hours, region, value, entry=entry, basis=basis, **period)


def test_no_chart_mixes_bases(client: Client, england: Organisation, hours: Measure) -> None:
    two_of_everything(england, hours)
    observed, modelled = charts_in(page_of(client, HOURS)), charts_in(page_of(client, f"{HOURS}?basis=modelled"))
    assert len(observed) == len(modelled) == 3
    for chart in observed:
        assert re.findall(r"app-basis--(\w+)", chart) == ["observed"]
        assert (chart.count("10 hours"), chart.count("20 hours"), chart.count("000 hours")) == (2, 2, 0)
    for chart in modelled:
        assert re.findall(r"app-basis--(\w+)", chart) == ["modelled"]
        assert (chart.count("1,000 hours"), chart.count("2,000 hours")) == (2, 2)


def test_a_chart_says_period_place_and_date_and_has_its_table(
    client: Client, england: Organisation, hours: Measure
) -> None:
    two_of_everything(england, hours)
    by_year, by_region, by_theme = charts_in(page_of(client, HOURS))
    assert "England. All dates. Achieved. As at " in by_year
    assert "A figure that spans several years is in none of them." in by_year
    assert "2021/22</th>" in by_year
    assert "A figure for more than one region is in none of them." in by_region
    assert "An entry with several themes is in each of them." in by_theme


@pytest.mark.slow
def test_each_part_is_the_answer_at_its_own_address(client: Client, england: Organisation, hours: Measure) -> None:
    two_of_everything(england, hours)
    figure(hours, england, 5, period_start=date(2021, 4, 1), period_end=date(2023, 3, 31))
    parts = re.findall(r'<td class="nhsuk-table__cell"><a href="([^"]*)">([^<]*)</a>', page_of(client, HOURS))
    assert len(parts) == 6
    for address, text in parts:
        assert f'app-total__value">{text}<' in page_of(client, address)


def test_one_part_is_said_in_words_and_a_part_that_is_the_whole_not_at_all(
    client: Client, england: Organisation, hours: Measure
) -> None:
    london = inside(RegionFactory(code="Y56", name="London"), england)
    figure(hours, london, 10)
    page = page_of(client, HOURS)
    assert charts_in(page) == []
    assert "By region, only London has figures of its own" in page
    assert "By region" not in page_of(client, f"{HOURS}?place=Y56")


def test_a_question_about_one_theme_is_not_parted_by_themes(
    client: Client, england: Organisation, hours: Measure
) -> None:
    entry = InnovationFactory(published=True, themes=[ThemeFactory(slug="one"), ThemeFactory(slug="two")])
    figure(hours, england, 10, entry=entry)
    assert len(charts_in(page_of(client, HOURS))) == 1
    assert charts_in(page_of(client, f"{HOURS}?theme=one")) == []


def test_the_same_question_stands_apart_on_other_bases_and_as_potential(
    client: Client, england: Organisation, hours: Measure
) -> None:
    figure(hours, england, 40, basis="modelled")
    figure(hours, england, 70, achievement="potential")
    page = page_of(client, f"{HOURS}?period=2023/24")
    apart = page[page.index("The same question, answered apart") : page.index("About this measure")]
    assert "No figure can be counted" in page[: page.index("The same question, answered apart")]
    assert "<strong>40 hours</strong>" in apart
    assert "<strong>70 hours</strong>" in apart
    assert 'href="/impact/hours-released/?period=2023%2F24&basis=modelled"' in apart


def test_a_measure_is_explained_and_its_ledger_can_be_taken_away(client: Client, england: Organisation) -> None:
    words = {"definition": "Hours freed.", "why_it_matters": "Time for care.", "caveats": "Not cash."}
    MeasureFactory(key="hours-released", **words)
    page = page_of(client, f"{HOURS}?place=ENG&period=2023/24")
    for text in (*words.values(), "Higher is better"):
        assert text in page
    for ending in ("json", "csv", "xlsx"):
        assert f'href="/impact/hours-released.{ending}?period=2023%2F24"' in page


def test_a_merged_board_is_answered_by_who_took_over(client: Client, england: Organisation, hours: Measure) -> None:
    old = IcbFactory(code="QOLD", name="Old Board", closed_on=date(2024, 3, 31))
    new = inside(IcbFactory(code="QNEW", name="New Board"), england)
    SuccessionFactory(predecessor=old, successor=new, on=date(2024, 4, 1))
    figure(hours, old, 10)
    for address in (f"{HOURS}?place=QOLD", "/impact/?place=QOLD"):
        page = page_of(client, address)
        assert "Old Board closed on 31 March 2024. This is about" in page
        assert "10 hours" in page


def test_the_form_offers_open_places_and_keeps_a_trust_that_is_asked_about(
    client: Client, england: Organisation, hours: Measure
) -> None:
    IcbFactory(code="QOPEN", name="Open Board")
    IcbFactory(code="QSHUT", name="Shut Board", closed_on=date(2020, 3, 31))
    CountryFactory(code="UK", name="United Kingdom")
    TrustFactory(code="RAA", name="Asked Trust")
    TrustFactory(code="RBB", name="Other Trust")
    places = select_in(page_of(client, "/impact/?place=RAA"), "place")
    assert re.findall(r'value="(\w+)"( selected)?', places) == [("ENG", ""), ("QOPEN", ""), ("RAA", " selected")]
    assert 'value="RAA"' not in select_in(page_of(client, "/impact/"), "place")


def test_the_form_offers_years_that_figures_have(client: Client, england: Organisation, hours: Measure) -> None:
    figure(hours, england, 10)
    figure(MeasureFactory(), england, 10, period_start=date(2019, 4, 1), period_end=date(2020, 3, 31))
    figure(hours, england, 10, role="input", period_start=date(2010, 4, 1), period_end=date(2011, 3, 31))
    options = re.findall(r'value="([^"]*)"', select_in(page_of(client, "/impact/"), "period"))
    assert options == ["", "2023/24", "2019/20"]
    assert re.findall(r'value="([^"]*)"', select_in(page_of(client, HOURS), "period")) == ["", "2023/24"]


def test_the_form_asks_again_what_is_asked(client: Client, england: Organisation, hours: Measure) -> None:
    PlanStrandFactory(slug="train")
    ThemeFactory(slug="banks")
    page = page_of(client, f"{HOURS}?from=2022-05-01&theme=banks&strand=train&kind=innovation&basis=modelled")
    for name, value in (("theme", "banks"), ("kind", "innovation"), ("basis", "modelled"), ("period", "")):
        assert f'value="{value}" selected' in select_in(page, name)
    assert "The days below" in select_in(page, "period")
    assert 'name="from" type="date" value="2022-05-01"' in page
    assert '<input type="hidden" name="strand" value="train">' in page
    named = page_of(client, f"{HOURS}?period=2022")
    assert 'value="2022" selected' in select_in(named, "period")
    assert 'name="from" type="date" value=""' in named


@pytest.mark.parametrize("path", ["/impact/", HOURS, "/impact/contradictions/"])
@pytest.mark.parametrize(("query", "field", "says"), BAD_QUESTIONS)
def test_a_bad_question_gets_a_page_that_names_the_field_and_what_would_do(
    client: Client, hours: Measure, path: str, query: str, field: str, says: str
) -> None:
    answer = client.get(f"{path}?{query}")
    page = unescape(" ".join(answer.content.decode().split()))
    assert answer.status_code == 400
    assert re.search(rf"<dt>{field}</dt><dd><strong>[^<]*{re.escape(says)}[^<]*</strong> \w", page)
    assert f'<a href="{path}">Ask without any of this</a>' in page


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx"])
@pytest.mark.parametrize(("query", "field", "says"), BAD_QUESTIONS)
def test_a_bad_question_to_a_file_is_answered_in_json(
    client: Client, hours: Measure, ending: str, query: str, field: str, says: str
) -> None:
    answer = client.get(f"/impact/hours-released.{ending}?{query}")
    told = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [(error["field"], says in error["problem"], bool(error["fix"])) for error in told["errors"]] == [
        (field, True, True)
    ]


@pytest.mark.parametrize(("key", "status", "says"), [("nothing", 404, "There is no measure"), ("rate", 400, "a rate")])
def test_a_measure_without_a_total_is_a_problem_that_leads_on(client: Client, key: str, status: int, says: str) -> None:
    MeasureFactory(key="rate", name="Leaver rate", unit="percent", additive=False)
    answer = client.get(f"/impact/{key}/")
    page = unescape(answer.content.decode())
    assert answer.status_code == status
    assert says in page
    assert "Ask without any of this" not in page
    assert 'href="/measures/"' in page
    assert client.get(f"/impact/{key}.json").status_code == status


def test_several_problems_are_said_at_once(client: Client) -> None:
    page = client.get("/impact/?place=ZZZ&basis=guessed&from=never").content.decode()
    assert re.findall(r"<dt>(\w+)</dt>", page) == ["place", "basis", "from"]


def test_a_page_without_any_figure_says_so(client: Client, hours: Measure) -> None:
    assert "No figure of any measure can be counted for this question" in page_of(client, "/impact/")
    assert "There is no published figure" in page_of(client, HOURS)


@pytest.mark.slow
@pytest.mark.parametrize("how_many", [1, 20])
@pytest.mark.parametrize(
    ("address", "queries"), [("/impact/", 20), (HOURS, 28), ("/impact/contradictions/", 17)], ids=["all", "one", "odds"]
)
def test_a_page_costs_the_same_for_one_figure_as_for_twenty(
    client: Client,
    england: Organisation,
    hours: Measure,
    django_assert_num_queries: Any,
    address: str,
    queries: int,
    how_many: int,
) -> None:
    theme = ThemeFactory()
    board = inside(IcbFactory(), england)
    for _ in range(how_many):
        entry = InnovationFactory(published=True, themes=[theme])
        figure(hours, england, 10, entry=entry)
        figure(hours, board, 50, entry=entry)  # a part larger than the whole
        figure(hours, england, 5, entry=entry, role="baseline")
        NetworkClaimFactory(measure=hours)
        cite(InnovationFactory(published=True), finding="It helped.", published=False)
    publish(entry)
    with django_assert_num_queries(queries):
        client.get(address)


def test_impact_is_in_the_menu(client: Client) -> None:
    page = page_of(client, "/impact/")
    assert re.search(r'<a class="nhsuk-header__navigation-link" href="/impact/" aria-current="true">Impact</a>', page)

"""Entries side by side: what stands in which row, and what is said of an address that can't be answered."""

from typing import Any

import pytest
from django.test import Client

from portal.catalogue.compare import Comparison, compare_entries
from portal.catalogue.finding.index import current_index
from portal.catalogue.sharing import forget_answers
from tests.factories import (
    AdoptionRecordFactory,
    CaseStudyFactory,
    InnovationFactory,
    MeasureFactory,
    ThemeFactory,
    add_figure,
    cite,
)

pytestmark = pytest.mark.django_db


def texts(comparison: Comparison) -> dict[str, list[str]]:
    return {row.label: [cell.text for cell in row.cells] for row in [*comparison.costs, *comparison.needs]}


def test_figures_stand_by_measure_the_shared_measure_first() -> None:
    hours, money = MeasureFactory(name="Hours", position=2), MeasureFactory(name="Savings", position=1, unit="GBP")
    one, other = InnovationFactory(published=True, slug="one"), InnovationFactory(published=True, slug="other")
    add_figure(one, measure=money, value=5)
    add_figure(one, measure=hours, value=10)
    add_figure(other, measure=hours, value=20)
    add_figure(other, measure=hours, value=30)
    add_figure(other, measure=hours, value=40, role="target")
    add_figure(other, measure=hours, value=50)
    comparison = compare_entries(["other", "one"])
    assert [row.label for row in comparison.measures] == ["Hours", "Savings"]
    shared, own = (row.cells for row in comparison.measures)
    assert [[int(one.value) for one in cell.figures] for cell in shared] == [[50, 30], [10]]
    assert [cell.more for cell in shared] == [1, 0]
    assert (own[0].text, [int(one.value) for one in own[1].figures]) == ("No figure published", [5])


def test_each_kind_says_what_it_has_and_what_is_not_asked_of_it() -> None:
    tool = InnovationFactory(published=True, slug="tool", cost_band="low", what_it_needs="A licence.")
    spent = MeasureFactory(unit="GBP")
    add_figure(tool, measure=spent, value=7, role="input")
    CaseStudyFactory(published=True, slug="story", agreement="passport")
    comparison = compare_entries(["tool", "story"])
    told = texts(comparison)
    assert told["Cost"] == ["Low", "Not asked of case studies"]
    assert told["NICE"] == ["Not stated", "Not asked of case studies"]
    assert told["Agreement"] == ["Not asked of innovations", "Staff passport or portability agreement"]
    assert told["What it needs from you"] == ["A licence.", "Not stated"]
    assert [len(cell.figures) for cell in comparison.costs[0].cells] == [1, 0]
    assert "Agreement" not in texts(compare_entries(["tool"]))


@pytest.mark.parametrize(
    ("asked", "shown", "says"),
    [
        ([], 0, ""),
        (["", " "], 0, ""),
        (["e0", "e0", "e1"], 2, ""),
        (["e0", "e1", "e2", "e3"], 4, ""),
        (["e0", "e1", "e2", "e3", "e4"], 4, "4 entries are compared at once, so this one is not shown: Entry 4"),
        (["e0", "nowhere"], 1, "there is no published entry “nowhere”"),
        (["e0", "draft"], 1, "there is no published entry “draft”"),
        (["\x00", "‮", "' OR 1=1"], 0, "there is no published entry"),
        ([f"x{n}" for n in range(500)] + ["e0"], 0, "only the first 20 entries were looked at"),
        (["x" * 10_000], 0, "there is no published entry “" + "x" * 40 + "”"),
    ],
)
def test_what_cannot_be_compared_is_left_out_and_said(client: Client, asked: list[str], shown: int, says: str) -> None:
    for number in range(5):
        InnovationFactory(published=True, slug=f"e{number}", title=f"Entry {number}")
    InnovationFactory(slug="draft", title="Secret plan")
    answer = client.get("/compare/", {"entry": asked})
    comparison = answer.context["comparison"]
    assert (answer.status_code, len(comparison.columns)) == (200, shown)
    assert says in " ".join(comparison.ignored)
    assert bool(comparison.ignored) is bool(says)
    assert b"Secret plan" not in answer.content


def test_a_comparison_is_built_by_links_alone(client: Client) -> None:
    themes = [ThemeFactory()]
    first = InnovationFactory(published=True, slug="first", themes=themes)
    InnovationFactory(published=True, slug="second", themes=themes)
    assert 'href="/compare/?entry=first"' in client.get(first.get_absolute_url()).content.decode()
    assert 'href="/compare/?entry=second"' in client.get("/catalogue/").content.decode()
    alone = client.get("/compare/?entry=first").content.decode()
    assert 'href="/compare/?entry=first&amp;entry=second"' in alone
    assert 'href="/catalogue/?compare=first"' in alone
    listed = client.get("/catalogue/?compare=first&q=nothing-of-this").content.decode()
    assert '<input type="hidden" name="compare" value="first">' in listed
    assert 'href="/compare/?entry=first&amp;entry=second"' in client.get("/catalogue/?compare=first").content.decode()
    both = client.get("/compare/?entry=first&entry=second").content.decode()
    assert 'href="/compare/?entry=second"' in both


@pytest.mark.parametrize("how_many", [1, 4])
def test_it_costs_the_same_for_four_full_entries_as_for_one(
    client: Client, django_assert_num_queries: Any, how_many: int
) -> None:
    for number in range(how_many):
        entry = InnovationFactory(published=True, slug=f"e{number}", themes=ThemeFactory.create_batch(how_many))
        for _ in range(how_many):
            add_figure(entry, published=False)
            cite(entry, finding="It helped.", published=False)
        AdoptionRecordFactory(entry=entry)
    current_index()
    address = "/compare/?" + "&".join(f"entry=e{number}" for number in range(4))
    client.get(address)
    forget_answers()
    with django_assert_num_queries(17 + (how_many == 1)):  # with room left, what is related is looked for
        client.get(address)

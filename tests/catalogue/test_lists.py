"""The three lists: what they show, and how filters combine."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.catalogue.finding.index import current_index
from portal.catalogue.sharing import forget_answers
from portal.catalogue.stored import store_answers
from tests.factories import (
    AdoptionRecordFactory,
    CaseStudyFactory,
    EvidenceFactory,
    IcbFactory,
    InnovationFactory,
    InnovationKindFactory,
    PlanStrandFactory,
    RegionFactory,
    ThemeFactory,
    TrustFactory,
    add_figure,
    cite,
)

pytestmark = pytest.mark.django_db

LISTS = pytest.mark.parametrize("name", ["catalogue:list", "innovations:list", "casestudies:list"])


def titles(client: Client, name: str = "catalogue:list", **query: Any) -> list[str]:
    listing = client.get(reverse(name), query).context["listing"]
    return [card.title for card in listing.cards]


def test_each_list_shows_the_published_entries_of_its_kind(client: Client) -> None:
    InnovationFactory(published=True, title="Tool")
    CaseStudyFactory(published=True, title="Story")
    InnovationFactory(title="Draft tool")
    assert titles(client, "catalogue:list") == ["Story", "Tool"]
    assert titles(client, "innovations:list") == ["Tool"]
    assert titles(client, "casestudies:list") == ["Story"]


def test_values_of_one_filter_widen_and_filters_narrow(client: Client) -> None:
    banks, roles = ThemeFactory(slug="banks"), ThemeFactory(slug="roles")
    retain = PlanStrandFactory(slug="retain")
    InnovationFactory(published=True, title="Bank", themes=[banks])
    InnovationFactory(published=True, title="Role", themes=[roles], plan_strands=[retain])
    InnovationFactory(published=True, title="Neither")
    assert titles(client, theme=["banks", "roles"]) == ["Bank", "Role"]
    assert titles(client, theme=["banks", "roles"], strand="retain") == ["Role"]


def test_an_entry_with_two_of_the_values_stands_once(client: Client) -> None:
    themes = [ThemeFactory(slug="a"), ThemeFactory(slug="b")]
    InnovationFactory(published=True, title="Both", themes=themes)
    assert titles(client, theme=["a", "b"]) == ["Both"]


def test_kind_narrows_the_innovations(client: Client) -> None:
    InnovationFactory(published=True, title="Robot", kinds=[InnovationKindFactory(slug="automation")])
    InnovationFactory(published=True, title="Course", kinds=[InnovationKindFactory(slug="training")])
    assert titles(client, "innovations:list", kind="automation") == ["Robot"]


def test_every_word_must_be_found_in_title_names_summary_or_challenge(client: Client) -> None:
    InnovationFactory(published=True, title="Rostering", summary="Plans shifts.", other_names=["e-roster"])
    InnovationFactory(published=True, title="Passport", challenge="Shifts are hard to fill.")
    assert titles(client, q="shifts") == ["Rostering", "Passport"]
    assert titles(client, q="SHIFTS e-roster") == ["Rostering"]
    assert titles(client, q="shifts nowhere") == []


def test_region_finds_what_it_describes_and_what_is_reported_in_it(client: Client) -> None:
    north, south = RegionFactory(code="Y63", name="North"), RegionFactory(code="Y59", name="South")
    board = IcbFactory(region=north)
    CaseStudyFactory(published=True, title="Described", places=[board])
    figured = InnovationFactory(published=True, title="Figured")
    add_figure(figured, place=north)
    adopted = InnovationFactory(published=True, title="Adopted")
    AdoptionRecordFactory(entry=adopted, organisation=TrustFactory(region=north))
    CaseStudyFactory(published=True, title="Elsewhere", places=[IcbFactory(region=south)])
    assert titles(client, region="Y63") == ["Adopted", "Described", "Figured"]


def test_a_facets_counts_ignore_its_own_selection_and_heed_the_others(client: Client) -> None:
    banks, roles = ThemeFactory(slug="banks"), ThemeFactory(slug="roles")
    retain = PlanStrandFactory(slug="retain")
    InnovationFactory(published=True, themes=[banks], plan_strands=[retain])
    InnovationFactory(published=True, themes=[roles])
    InnovationFactory(themes=[banks])
    listing = client.get(reverse("catalogue:list"), {"theme": "banks"}).context["listing"]
    counts = {facet.name: {option.value: option.count for option in facet.options} for facet in listing.facets}
    assert counts["theme"] == {"banks": 1, "roles": 1}
    assert counts["strand"] == {"retain": 1}


def test_region_counts_match_the_lists_they_lead_to(client: Client) -> None:
    north, south = RegionFactory(code="Y63"), RegionFactory(code="Y59")
    both = InnovationFactory(published=True, places=[north])
    add_figure(both, place=south)
    CaseStudyFactory(published=True, places=[IcbFactory(region=south)])
    listing = client.get(reverse("catalogue:list")).context["listing"]
    region = next(facet for facet in listing.facets if facet.name == "region")
    counts = {option.value: option.count for option in region.options}
    assert counts == {"Y63": 1, "Y59": 2}
    assert {code: len(titles(client, region=code)) for code in counts} == counts


def test_region_counts_heed_every_other_filter(client: Client) -> None:
    north = RegionFactory(code="Y63")
    banks, roles = ThemeFactory(slug="banks"), ThemeFactory(slug="roles")
    InnovationFactory(published=True, title="Bank", themes=[banks, roles], places=[north])
    InnovationFactory(published=True, title="Role", themes=[roles], places=[north])
    query = {"theme": ["banks", "roles"], "q": "bank", "region": "Y63"}
    listing = client.get(reverse("catalogue:list"), query).context["listing"]
    counts = {facet.name: {option.value: option.count for option in facet.options} for facet in listing.facets}
    assert counts["region"] == {"Y63": 1}
    assert counts["theme"] == {"banks": 1, "roles": 1}


def test_a_chosen_filter_can_be_taken_away_alone(client: Client) -> None:
    ThemeFactory(slug="banks", name="Banks")
    PlanStrandFactory(slug="retain", name="Retain")
    listing = client.get(reverse("catalogue:list"), {"theme": "banks", "strand": "retain", "page": "1"}).context[
        "listing"
    ]
    assert {tag.text: tag.without for tag in listing.chosen} == {
        "Banks": "?strand=retain",
        "Retain": "?theme=banks",
    }


def test_unknown_parameters_change_nothing(client: Client) -> None:
    InnovationFactory(published=True, title="Here")
    assert titles(client, order_by="password", _connector="OR", owner="1") == ["Here"]


@LISTS
@pytest.mark.parametrize("how_many", [1, 10])
def test_a_list_costs_the_same_for_one_entry_as_for_ten(
    client: Client, django_assert_num_queries: Any, name: str, how_many: int
) -> None:
    for factory in (InnovationFactory, CaseStudyFactory):
        for _ in range(how_many):
            entry = factory(published=True, themes=[ThemeFactory()], places=[IcbFactory()])
            add_figure(entry, place=IcbFactory(), published=False)
            cite(entry, finding="It helped.", published=False)
            AdoptionRecordFactory(entry=entry)
    current_index()
    with django_assert_num_queries(17):
        client.get(reverse(name))
    store_answers()
    forget_answers()
    with django_assert_num_queries(3):
        client.get(reverse(name))
    with django_assert_num_queries(1):
        client.get(reverse(name))


def test_a_card_that_was_shown_before_shows_what_changed_since(client: Client) -> None:
    entry = InnovationFactory(published=True, title="Card")
    link = cite(entry, evidence=EvidenceFactory(type="opinion"), finding="It helped.")
    measure = add_figure(entry, value=41).measure

    def page() -> str:
        return client.get(reverse("catalogue:list")).content.decode()

    assert "41 hours" in page()
    store_answers()
    link.evidence.type = "rct"
    link.evidence.save()
    assert "strongest type: randomised controlled trial" in page()
    store_answers()
    AdoptionRecordFactory(entry=entry, stage="sustained")
    assert "Sustained" in page()
    store_answers()
    measure.unit = "shifts"
    measure.save()
    assert "41 shifts" in page()


def test_pages_hold_ten_and_link_to_the_others(client: Client) -> None:
    InnovationFactory.create_batch(25, published=True)
    first = client.get(reverse("innovations:list"), {"q": "online"})
    assert len(first.context["listing"].cards) == 10
    assert b"showing 1 to 10" in first.content
    assert b"?q=online&amp;page=2" in first.content
    last = client.get(reverse("innovations:list"), {"page": "3"})
    assert len(last.context["listing"].cards) == 5


def test_a_card_says_how_sure_its_benefit_is(client: Client) -> None:
    entry = InnovationFactory(published=True)
    evidence = EvidenceFactory(
        type="before_after", independence="independent", setting="nhs_england", read_extent="whole"
    )
    cite(entry, evidence=evidence, finding="Fewer calls.")
    page = client.get(reverse("catalogue:list")).content.decode()
    assert "Strength 3 of 5: moderate" in page
    assert "app-dial--3" in page

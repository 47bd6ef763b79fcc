"""Pages of organisations: what they use, what became of them, and which codes there are."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.catalogue.finding.index import current_index
from tests.factories import (
    AdoptionRecordFactory,
    CaseStudyFactory,
    EvidenceFactory,
    IcbFactory,
    InnovationFactory,
    MembershipFactory,
    NetworkFactory,
    OrganisationNameFactory,
    ParticipantFactory,
    SuccessionFactory,
    TrustFactory,
)

pytestmark = pytest.mark.django_db


def page_of(client: Client, organisation: Any) -> str:
    answer = client.get(organisation.get_absolute_url())
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_what_can_adopt_says_that_its_size_is_not_known_and_a_network_only_what_is_used_within_it(
    client: Client,
) -> None:
    for one in (TrustFactory(), IcbFactory()):
        page = page_of(client, one)
        assert "<dt>Size</dt><dd>Not known: no source we hold gives it</dd>" in page
        assert "Nothing has been reported. That does not mean that nothing is used." in page
    network, board, trust = NetworkFactory(), IcbFactory(), TrustFactory()
    MembershipFactory(organisation=board, within=network)
    MembershipFactory(organisation=trust, within=board)
    AdoptionRecordFactory(entry=InnovationFactory(published=True), organisation=trust, on="2020")
    page = page_of(client, network)
    assert "In use within it" in page
    assert "of 1 NHS trust: 0 live and 1 silent (1 of them heard of, but not within the period)<" in page
    assert "<dt>Size</dt>" not in page
    assert "What it uses" not in page


def test_it_shows_what_is_used_there_and_no_draft(client: Client) -> None:
    trust = TrustFactory()
    AdoptionRecordFactory(entry=InnovationFactory(published=True, title="Used here"), organisation=trust)
    AdoptionRecordFactory(entry=InnovationFactory(title="Draft here"), organisation=trust)
    page = page_of(client, trust)
    assert "Used here" in page
    assert "Draft here" not in page


def test_it_lists_entries_that_describe_it_or_name_it(client: Client) -> None:
    trust = TrustFactory()
    named = CaseStudyFactory(published=True, title="Names it")
    ParticipantFactory(case_study=named, organisation=trust)
    InnovationFactory(published=True, title="Led by it", lead_organisations=[trust])
    InnovationFactory(title="Draft led by it", lead_organisations=[trust])
    page = page_of(client, trust)
    assert "Names it" in page
    assert "Led by it" in page
    assert "Draft led by it" not in page


def test_long_lists_of_entries_and_members_come_page_by_page(
    client: Client, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.organisations.views.PER_PAGE", 2)
    monkeypatch.setattr("portal.organisations.views.MEMBERS_PER_PAGE", 2)
    board = IcbFactory()
    for number in range(3):
        InnovationFactory(published=True, title=f"Entry {number}", lead_organisations=[board])
        MembershipFactory(organisation=TrustFactory(name=f"Trust {number}"), within=board)
    first = page_of(client, board)
    with django_assert_max_num_queries(40):
        both = " ".join(client.get(f"{board.get_absolute_url()}?page=2&members=2").content.decode().split())

    assert "3 entries, showing 1 to 2." in first
    assert "3 organisations, showing 1 to 2." in first
    assert "Trust 2</a></li></ul>" not in first
    assert "3 entries, showing 3 to 3." in both
    assert "3 organisations, showing 3 to 3." in both
    assert "?page=1&amp;members=2" in both
    assert "?page=2&amp;members=1" in both


def test_a_split_board_points_to_each_successor_and_each_says_that_it_has_a_part(client: Client) -> None:
    old, whole = (IcbFactory(closed_on=date(2026, 3, 31), name=name) for name in ("Board Split", "Board Whole"))
    north, south = IcbFactory(name="Board North"), IcbFactory(name="Board South")
    for before, after in ((old, north), (old, south), (whole, north)):
        SuccessionFactory(predecessor=before, successor=after, on=date(2026, 4, 1))
    page = page_of(client, old)
    assert "closed on 31 March 2026. It was split, and its area passed in parts to <a" in page
    assert "Board North</a> and <a" in page
    assert "Board South</a>." in page
    page = page_of(client, north)
    assert f'a part of <a href="{old.get_absolute_url()}">' in page
    assert f'; <a href="{whole.get_absolute_url()}">' in page


def test_a_network_whose_boards_are_not_known_says_so(client: Client) -> None:
    said = "None is named by a source we hold, so we can’t tell what is used within it."
    network = NetworkFactory()
    assert said in page_of(client, network)
    MembershipFactory(organisation=IcbFactory(), within=network)
    assert said not in page_of(client, network)
    assert said not in page_of(client, TrustFactory())


def test_a_closed_trust_without_a_known_successor_says_so(client: Client) -> None:
    page = page_of(client, TrustFactory(closed_on=date(2024, 10, 31)))
    assert "Our sources do not say which organisation took over" in page


def test_nothing_reported_is_not_the_same_as_nothing_used(client: Client) -> None:
    assert "That does not mean that nothing is used" in page_of(client, TrustFactory())


def test_members_are_those_of_today(client: Client) -> None:
    board = IcbFactory()
    MembershipFactory(organisation=TrustFactory(name="Still in"), within=board)
    MembershipFactory(organisation=TrustFactory(name="Moved out"), within=board, end=date(2020, 1, 1))
    MembershipFactory(organisation=TrustFactory(name="Closed", closed_on=date(2020, 1, 1)), within=board)
    page = page_of(client, board)
    assert "Still in" in page
    assert "Moved out" not in page
    assert "Closed" not in page


@pytest.mark.parametrize("code", ["QRL", "qrl", "S1Y5D", "s1y5d"])
def test_a_code_of_any_length_is_found_however_it_is_typed(client: Client, code: str) -> None:
    IcbFactory(code=code.upper())
    assert client.get(reverse("organisations:detail", args=[code])).status_code == 200


def test_an_unknown_code_is_a_proper_not_found_page(client: Client) -> None:
    answer = client.get(reverse("organisations:detail", args=["NOPE"]))
    assert answer.status_code == 404
    assert b"There is no page at this address" in answer.content


def test_the_list_finds_by_former_name_code_and_kind(client: Client) -> None:
    renamed = TrustFactory(name="Bristol NHS Foundation Trust", code="RA7")
    OrganisationNameFactory(organisation=renamed, name="University Hospitals Bristol and Weston")
    IcbFactory(name="NHS Bristol Board")
    address = reverse("organisations:list")

    def found(**query: str) -> list[str]:
        return [row.name for row in client.get(address, query).context["page"].rows]

    assert found(q="weston") == ["Bristol NHS Foundation Trust"]
    assert found(q="ra7") == ["Bristol NHS Foundation Trust"]
    assert found(q="bristol", kind="icb") == ["NHS Bristol Board"]
    assert found(q="bristol", open="no") == []
    assert found(kind="nonsense", q="bristol") == ["Bristol NHS Foundation Trust", "NHS Bristol Board"]


@pytest.mark.parametrize("how_many", [1, 20])
def test_a_page_costs_the_same_for_one_fact_as_for_twenty(
    client: Client, django_assert_num_queries: Any, how_many: int
) -> None:
    board = IcbFactory()
    for _ in range(how_many):
        AdoptionRecordFactory(entry=InnovationFactory(published=True), organisation=board)
        CaseStudyFactory(published=True, places=[board])
        MembershipFactory(organisation=TrustFactory(), within=board)
        SuccessionFactory(predecessor=IcbFactory(), successor=board)
        OrganisationNameFactory(organisation=board)
        EvidenceFactory().organisations.add(board)
    current_index()
    with django_assert_num_queries(27):
        client.get(board.get_absolute_url())


def test_who_has_a_basket_gets_what_was_made_before_until_it_changes(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    trust, entry = TrustFactory(), InnovationFactory(published=True)
    client.post(reverse("briefings:basket_add"), {"entry": entry.slug})
    before = page_of(client, trust)
    with django_assert_max_num_queries(3):  # the session, the catalogue's mark, the organisation
        assert page_of(client, trust) == before
    OrganisationNameFactory(organisation=trust, name="What it was called")
    assert "What it was called" in page_of(client, trust)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"kind": "nonsense"}, "kind “nonsense”. Give one of country, region,"),
        ({"region": "Y99"}, "region “Y99”. The code of an NHS region, as in Y56."),
        ({"open": "perhaps"}, "open “perhaps”. Give yes for those that are open, no for those that closed."),
        ({"q": "a" * 101}, f"q “{'a' * 40}”. Words of the name or of a former one, or a code; at most 100."),
        ({"q": "a\x00b"}, "q “ab”."),
    ],
)
def test_what_the_list_cannot_be_asked_is_left_out_and_said(client: Client, query: dict[str, str], said: str) -> None:
    TrustFactory(name="Shown all the same")
    page = client.get(reverse("organisations:list"), query).content.decode()
    assert f"Left out of your search: {said}" in page
    assert "Shown all the same" in page


@pytest.mark.parametrize("how_many", [1, 50])
def test_the_list_costs_the_same_for_one_as_for_a_page(
    client: Client, django_assert_num_queries: Any, how_many: int
) -> None:
    TrustFactory.create_batch(how_many)
    with django_assert_num_queries(5):
        client.get(reverse("organisations:list"))

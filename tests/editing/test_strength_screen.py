"""Putting a version of the strength rule in force on screen: listed first, then by those who may, with a reason."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.evidence.models import RuleInForce
from portal.evidence.services import put_rule_in_force
from tests.editing.conftest import Networks
from tests.evidence.rules import second_version
from tests.factories import EvidenceFactory, InnovationFactory, NetworkRoleFactory, UserFactory, cite

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def second() -> Iterator[None]:
    with second_version():
        yield


def known_from_an_abstract(number: int = 1, **fields: Any) -> Any:
    evidence = EvidenceFactory(
        title=f"Study {number}", type="before_after", independence="independent", setting="nhs_england",
        read_extent="abstract",
    )  # fmt: skip
    entry = InnovationFactory(title=f"Tool {number}", **{"published": True, **fields})
    cite(entry, evidence=evidence, finding="Fewer calls.")
    return entry


RULES = "/editing/strength-rule/"
SECOND = f"{RULES}2/"
DECISION = {"instead_of": "1", "why": "Abstracts mislead."}


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_with_one_version_there_is_nothing_to_decide_and_that_is_said(editor: User) -> None:
    page = client_of(editor).get(RULES).text
    assert "Version 1 is in force" in page
    assert "There is no other version." in page


@pytest.mark.usefixtures("second")
def test_each_entry_that_would_change_is_listed_with_both_levels_and_why(editor: User) -> None:
    known_from_an_abstract()
    InnovationFactory(published=True, title="Not touched by it")
    known_from_an_abstract(2, published=False)
    client = client_of(editor)
    assert SECOND in client.get(RULES).text
    page = client.get(SECOND)
    (change,) = page.context["page"].rows
    assert (change.entry.title, change.before.level, change.after.level) == ("Tool 1", 3, 1)
    assert "“Study 1” would count for 1, not 3." in page.text
    assert "1 of 2 published entries would have another strength" in page.text


@pytest.mark.usefixtures("second")
def test_a_publisher_puts_it_in_force_and_readers_are_told(publisher: User) -> None:
    entry = known_from_an_abstract()
    client = client_of(publisher)
    assert "Put version 2 in force" in client.get(SECOND).text
    answer = client.post(SECOND, DECISION, follow=True)
    assert "Version 2 of the strength rule is in force." in answer.text
    row = RuleInForce.objects.get()
    assert (row.version, row.by, row.why) == (2, publisher, "Abstracts mislead.")
    told = Client().get(reverse("catalogue:evidence_strength")).text
    assert "<strong>version 2</strong>" in told
    assert "Abstracts mislead." in told
    assert "Strength 1 of 5" in Client().get(entry.get_absolute_url()).text
    assert "Put version 2 in force" not in client.get(SECOND).text
    assert "Put version 1 in force" in client.get(f"{RULES}1/").text


@pytest.mark.usefixtures("second")
@pytest.mark.parametrize("role", ["contributor", "editor", "reviewer"])
def test_others_read_the_list_and_decide_nothing(networks: Networks, role: str) -> None:
    client = client_of(networks.person(role))
    page = client.get(SECOND)
    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert client.post(SECOND, DECISION).status_code == 403
    assert not RuleInForce.objects.exists()


@pytest.mark.usefixtures("second")
def test_a_publisher_of_one_network_does_not_decide_for_all(networks: Networks) -> None:
    person = UserFactory()
    NetworkRoleFactory(user=person, role="publisher", network=networks.own)
    assert client_of(person).post(SECOND, DECISION).status_code == 403
    assert not RuleInForce.objects.exists()


@pytest.mark.usefixtures("second")
@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"why": "  "}, "Say why this version is put in force"),
        ({"why": "x" * 2001}, "at most 2000 characters"),
        ({"why": "nul \x00"}, "Null characters are not allowed"),
        ({"instead_of": "2"}, "List them again"),
        ({"instead_of": "x"}, "The form was not whole"),
        ({"instead_of": ""}, "The form was not whole"),
    ],
)
def test_a_wrong_answer_is_said_beside_it_and_the_reason_is_kept(
    publisher: User, fields: dict[str, str], says: str
) -> None:
    answer = client_of(publisher).post(SECOND, {**DECISION, **fields})
    assert answer.status_code == 422
    assert says in answer.text
    if "why" not in fields:
        assert "Abstracts mislead.</textarea>" in answer.text
    assert not RuleInForce.objects.exists()


@pytest.mark.usefixtures("second")
def test_what_came_in_force_while_the_list_was_read_is_not_overruled(publisher: User) -> None:
    put_rule_in_force(version=2, instead_of=1, why="First.", by=None)
    answer = client_of(publisher).post(f"{RULES}1/", DECISION)
    assert "Version 2 has come in force since the changes were listed" in answer.text
    assert RuleInForce.objects.count() == 1


@pytest.mark.parametrize("number", [0, 9, 10**30])
def test_there_is_no_page_of_a_version_that_is_not_published(publisher: User, number: int) -> None:
    client = client_of(publisher)
    assert client.get(f"{RULES}{number}/").status_code == 404
    assert client.post(f"{RULES}{number}/", DECISION).status_code == 404


@pytest.mark.usefixtures("second")
def test_many_entries_cost_no_more_queries(editor: User, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(editor)
    known_from_an_abstract(0)
    client.get(SECOND)
    with CaptureQueriesContext(connection) as one:
        client.get(SECOND)
    for number in range(1, 9):
        known_from_an_abstract(number)
    with django_assert_num_queries(len(one)):
        assert len(client.get(SECOND).context["page"].rows) == 9

"""Sources that do not answer, for those who keep the entries that cite them."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.evidence.models import AddressCheck
from tests.editing.conftest import Networks
from tests.factories import EvidenceFactory, InnovationFactory, cite

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead(networks: Networks) -> AddressCheck:
    evidence = EvidenceFactory(title="Lost report", url="https://gone.example/report")
    for owner, title in ((networks.own, "Kept by the first"), (networks.other, "Kept by the second")):
        cite(InnovationFactory(published=True, title=title, owner_network=owner), evidence=evidence)
    return kill(evidence)


def kill(evidence: Any) -> AddressCheck:
    now = timezone.now()
    return AddressCheck.objects.create(
        evidence=evidence,
        kind="url",
        text=evidence.url,
        host="gone.example",
        checked_at=now,
        failing_since=now - timedelta(days=9),
        failures=3,
        dead_since=now,
        said="Answered 404 (Not Found).",
        next_at=now + timedelta(days=7),
    )


def test_each_network_sees_its_own_entries_alone(dead: AddressCheck, networks: Networks, signed_in: Any) -> None:
    for address in (reverse("editing:unanswered"), reverse("editing:start")):
        page = signed_in(networks.person("editor")).get(address).content.decode()
        assert "Lost report" in page
        assert "Answered 404 (Not Found)." in page
        assert "Kept by the first" in page
        assert "Kept by the second" not in page
    for stranger in (networks.person("editor", network=dead_network(networks)), networks.person("contributor")):
        assert "Lost report" not in signed_in(stranger).get(reverse("editing:unanswered")).content.decode()


def dead_network(networks: Networks) -> Any:
    return type(networks.own).objects.create(name="Third network", kind=networks.own.kind)


def test_who_keeps_the_entry_has_it_asked_again(dead: AddressCheck, networks: Networks, signed_in: Any) -> None:
    again = reverse("editing:ask_again", args=[dead.pk])
    assert signed_in(networks.person("contributor")).post(again).status_code == 403
    assert AddressCheck.objects.get().next_at > timezone.now()
    assert signed_in(networks.person("editor")).post(again).status_code == 302
    assert AddressCheck.objects.get().next_at <= timezone.now()


def test_a_publisher_is_led_to_the_source(dead: AddressCheck, networks: Networks, signed_in: Any) -> None:
    edit = reverse("sources:edit", args=[dead.evidence_id])
    address = reverse("editing:unanswered")
    assert edit in signed_in(networks.person("publisher")).get(address).content.decode()
    assert edit not in signed_in(networks.person("editor")).get(address).content.decode()


@pytest.mark.parametrize("how_many", [1, 12])
def test_the_list_costs_the_same_for_many(
    dead: AddressCheck, networks: Networks, signed_in: Any, django_assert_max_num_queries: Any, how_many: int
) -> None:
    for number in range(how_many):
        evidence = EvidenceFactory(url=f"https://gone.example/{number}")
        cite(InnovationFactory(published=True, owner_network=networks.own), evidence=evidence)
        kill(evidence)
    client = signed_in(networks.person("editor"))
    client.get(reverse("editing:unanswered"))
    with django_assert_max_num_queries(14):
        client.get(reverse("editing:unanswered"))

"""Webhooks on screen: who may, what is refused, and a secret shown once."""

from typing import Any

import pytest
from django.urls import reverse

from portal.webhooks import services
from portal.webhooks.models import Delivery, Webhook
from tests.editing.conftest import Networks
from tests.misbehaving import Misbehaving

pytestmark = pytest.mark.django_db

LIST = "/editing/webhooks/"


def asked(networks: Networks, address: str, **fields: Any) -> dict[str, Any]:
    return {"network": networks.own.pk, "address": address, "events": ["entry.published"], **fields}


@pytest.fixture
def webhook(networks: Networks) -> Webhook:
    return Webhook.objects.create(
        network=networks.own, address="https://own.example/hook", events=["entry.published"], description="Warehouse"
    )


def test_a_reviewer_registers_an_address_and_sees_its_secret_once(
    networks: Networks, signed_in: Any, other_host: Misbehaving
) -> None:
    client = signed_in(networks.person("reviewer"))
    answer = client.post(LIST, asked(networks, other_host.url("/200/")))
    webhook = Webhook.objects.get()
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    assert webhook.secret in answer.content.decode()
    for page in (LIST, reverse("editing:webhook", args=[webhook.pk])):
        assert webhook.secret not in client.get(page).content.decode()
    rotated = client.post(reverse("editing:change_webhook", args=[webhook.pk, "rotate"])).content.decode()
    old = webhook.secret
    webhook.refresh_from_db()
    assert webhook.secret in rotated
    assert old not in rotated


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://169.254.169.254/", "private network"),
        ("https://127.0.0.1/", "private network"),
        ("https://[::1]/", "private network"),
        ("https://8.8.8.8:22/", "Port 22"),
        ("http://8.8.8.8/", "begins with https://"),
        ("ftp://8.8.8.8/", "begin with https://"),
        ("", "Give the address"),
    ],
)
def test_what_leads_inside_is_refused_beside_its_field(
    networks: Networks, signed_in: Any, address: str, why: str
) -> None:
    answer = signed_in(networks.person("reviewer")).post(LIST, asked(networks, address))
    assert answer.status_code == 400
    assert why in answer.content.decode()
    assert not Webhook.objects.exists()


def test_nobody_registers_for_another_network_and_editors_not_at_all(
    networks: Networks, signed_in: Any, other_host: Misbehaving
) -> None:
    form = asked(networks, other_host.url("/200/"))
    assert signed_in(networks.person("reviewer", network=networks.other)).post(LIST, form).status_code == 400
    assert signed_in(networks.person("reviewer")).post(LIST, form | {"network": ""}).status_code == 400
    assert signed_in(networks.person("editor")).post(LIST, form).status_code == 403
    assert not Webhook.objects.exists()
    assert signed_in(networks.person("publisher")).post(LIST, form | {"network": ""}).status_code == 201


@pytest.mark.parametrize("step", ["rotate", "on", "off", "test", "remove"])
def test_another_networks_webhook_is_neither_seen_nor_touched(
    webhook: Webhook, networks: Networks, signed_in: Any, step: str
) -> None:
    client = signed_in(networks.person("reviewer", network=networks.other))
    message = services.send_test(webhook)
    assert "Warehouse" not in client.get(LIST).content.decode()
    for address in (
        reverse("editing:change_webhook", args=[webhook.pk, step]),
        reverse("editing:replay_webhook", args=[webhook.pk, message.pk]),
    ):
        assert client.post(address).status_code == 403
    assert client.get(reverse("editing:webhook", args=[webhook.pk])).status_code == 403
    assert (Webhook.objects.get().secret, Delivery.objects.count()) == (webhook.secret, 1)


def test_its_own_people_test_it_replay_and_remove_it(webhook: Webhook, networks: Networks, signed_in: Any) -> None:
    client = signed_in(networks.person("reviewer"))

    def step(name: str) -> Any:
        return client.post(reverse("editing:change_webhook", args=[webhook.pk, name]), follow=True)

    assert "A test message is on its way" in step("test").content.decode()
    Delivery.objects.update(state="given_up", attempts=8)
    replay = reverse("editing:replay_webhook", args=[webhook.pk, Delivery.objects.get().pk])
    assert "Given up" in client.get(reverse("editing:webhook", args=[webhook.pk])).content.decode()
    client.post(replay)
    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == ("queued", 0)
    assert "It was switched off by hand." in step("off").content.decode()
    assert step("nonsense").status_code == 404
    step("remove")
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("how_many", [1, 15])
def test_the_log_costs_the_same_for_many_messages(
    webhook: Webhook, networks: Networks, signed_in: Any, django_assert_max_num_queries: Any, how_many: int
) -> None:
    for _ in range(how_many):
        services.send_test(webhook)
    client = signed_in(networks.person("reviewer"))
    address = reverse("editing:webhook", args=[webhook.pk])
    client.get(address)
    with django_assert_max_num_queries(13):
        client.get(address)

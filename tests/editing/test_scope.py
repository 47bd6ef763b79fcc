"""Every address of the editing site, taken from the resolver, as everyone: a draft's words reach its network alone."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse
from pypdf import PdfReader

from portal.accounts.models import User
from portal.catalogue.models import Entry
from portal.editing import services
from portal.editing.workflow import status_of
from portal.exchange.models import ImportBatch
from tests.addresses import every_route, names_in_wagtail
from tests.editing.conftest import SECRET, Networks
from tests.factories import InnovationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ROOT = "editing/"
STRANGERS = ["nobody", "reader", "contributor", "editor", "reviewer"]
ENOUGH = 100
"""There are some 250; a walk over few would prove little."""


@pytest.fixture
def filled(entry: Entry, editor: User) -> list[str]:
    """Return every address with the draft's own numbers and names in its parameters."""
    services.submit(entry=entry, by=editor, reason="Counted again.")
    state = type(entry).objects.get(pk=entry.pk).current_workflow_task_state
    batch = ImportBatch.objects.create(
        network=entry.owner_network, file_name=f"{SECRET}.csv", file_size=1, state="checked"
    )
    values = {
        "batch": batch.pk,
        "table": "innovations",
        "pk": entry.pk,
        **names_in_wagtail(entry, state),
        "filename": SECRET,
    }
    return [route.filled(values) for route in every_route() if route.text.startswith(ROOT)]


def client_of(who: str, networks: Networks) -> Client:
    client = Client()
    if who == "reader":
        client.force_login(UserFactory())
    elif who != "nobody":
        client.force_login(networks.person(who, network=networks.other))
    return client


def words_of(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers.get("Content-Type") == "application/pdf":  # its words are packed
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages) + str(answer.headers)
    return body.decode(errors="replace") + str(answer.headers)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", STRANGERS)
def test_no_address_tells_strangers_of_a_draft_or_changes_it(
    filled: list[str], entry: Entry, networks: Networks, who: str, method: str
) -> None:
    client = client_of(who, networks)
    assert len(filled) > ENOUGH
    for address in filled:
        answer = getattr(client, method)(address, {"reason": "x", "comment": "x"})
        if "logout" in address:
            client = client_of(who, networks)
        assert answer.status_code in (200, 302, 400, 403, 404, 405), (address, answer.status_code)
        assert SECRET not in words_of(answer).replace(address, ""), address
    after = type(entry).objects.get(pk=entry.pk)
    assert (after.latest_revision_id, status_of(after)) == (entry.latest_revision_id, "Submitted")
    assert not after.locked
    assert after.live


def test_the_walk_meets_the_draft_where_it_may_be_read(filled: list[str], entry: Entry, editor: User) -> None:
    """Otherwise it would prove nothing that strangers don't meet it."""
    client = Client()
    client.force_login(editor)
    telling = [address for address in filled if "logout" not in address and SECRET in words_of(client.get(address))]
    assert len(telling) >= 5, telling
    assert reverse("editing:brief", args=[entry.pk]) in telling


def test_each_address_is_the_one_it_was_made_from(filled: list[str]) -> None:
    astray = [address for address in filled if resolve(address).func.__name__ == "default"]
    assert astray == ["/editing/x/"]


@pytest.mark.parametrize("who", ["editor", "reviewer"])
def test_their_own_network_reads_the_draft(entry: Entry, networks: Networks, who: str) -> None:
    client = Client()
    client.force_login(networks.person(who))
    for address in (reverse("editing:compare", args=[entry.pk]), reverse("innovation:edit", args=[entry.pk])):
        assert SECRET in client.get(address).content.decode()


def test_what_is_not_listed_is_not_there(networks: Networks) -> None:
    client = Client()
    client.force_login(networks.person("administrator"))
    for address in ("/editing/pages/", "/editing/users/", "/editing/images/", "/editing/reports/locked/"):
        assert client.get(address).status_code == 404


def test_another_entrys_revision_can_not_be_opened_through_ones_own(
    entry: Entry, networks: Networks, editor: User
) -> None:
    """The revision belongs to the first network, the entry in the address to the second."""
    own = InnovationFactory(owner_network=networks.other)
    client = Client()
    client.force_login(networks.person("reviewer", network=networks.other))
    for name in ("revisions_view", "revisions_revert"):
        answer = client.get(reverse(f"innovation:{name}", args=[own.pk, entry.latest_revision_id]))
        assert answer.status_code in (302, 403, 404)
        assert SECRET not in words_of(answer)

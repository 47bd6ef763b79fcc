"""Adoption on the editing site: recorded by one, verified by another, decided by the network it belongs to."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.adoption.models import AdoptionRecord, Contact, Reply
from portal.catalogue.models import Entry
from portal.editing.boards import board_of
from portal.editing.digests import digest_of
from tests.editing.conftest import Networks
from tests.factories import AdoptionRecordFactory, ContactFactory, InnovationFactory, ReplyFactory, TrustFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def used(networks: Networks) -> Entry:
    """A published entry of the first network, without a draft."""
    entry: Entry = InnovationFactory(published=True, title="Night rota app", owner_network=networks.own)
    return entry


@pytest.fixture
def reply(used: Entry) -> Reply:
    verified = AdoptionRecordFactory(entry=used, stage="adopted", on="2024-01", verified_at=timezone.now())
    waiting: Reply = ReplyFactory(
        entry=used,
        organisation=verified.organisation,
        stop_reason="cost",
        note="The licence ran out.",
        contradicts=verified,
    )
    return waiting


def words_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def event(**more: str) -> dict[str, str]:
    return {"organisation": "rqm", "stage": "adopted", "on": "2025-03", "said_by": "Chief nurse’s office", **more}


def record(client: Client, entry: Entry, **more: str) -> Any:
    return client.post(reverse("editing:record_event", args=[entry.pk]), event(**more))


def test_an_event_is_recorded_by_one_and_verified_by_another(
    used: Entry, editor: User, reviewer: User, signed_in: Any
) -> None:
    TrustFactory(code="RQM")
    assert record(signed_in(editor), used).status_code == 302
    (row,) = AdoptionRecord.objects.all()
    assert (row.organisation.code, row.stage, row.reported_by, row.verified_at) == ("RQM", "adopted", editor, None)
    address = reverse("editing:verify_event", args=[used.pk, row.pk])
    own = signed_in(editor).post(address, follow=True)
    assert "Nobody verifies what they entered" in words_of(own)
    signed_in(reviewer).post(address)
    row.refresh_from_db()
    assert row.verified_by == reviewer
    assert "It is verified already" in words_of(signed_in(reviewer).post(address, follow=True))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"organisation": "NOPE"}, "There is no trust or board with this code"),
        ({"on": "in spring"}, "is not a date. Write a year (2023)"),
        ({"on": ""}, "This field is required"),
        ({"on": "2999"}, "has not come yet"),
        ({"stage": "stopped"}, "Give a reason when, and only when, the organisation stopped"),
        ({"stage": "adopted", "stop_reason": "cost"}, "Give a reason when, and only when"),
        ({"said_by": ""}, "Say who reported this, or cite the evidence"),
        ({"stage": "dreaming"}, "Select a valid choice"),
    ],
)
def test_an_event_that_leaves_a_question_open_is_refused_and_says_why(
    used: Entry, editor: User, signed_in: Any, more: dict[str, str], says: str
) -> None:
    TrustFactory(code="RQM")
    answer = record(signed_in(editor), used, **more)
    assert answer.status_code == 400
    assert says in words_of(answer).replace("&#x27;", "'")
    assert not AdoptionRecord.objects.exists()


def test_the_same_event_twice_is_refused(used: Entry, editor: User, signed_in: Any) -> None:
    TrustFactory(code="RQM")
    record(signed_in(editor), used)
    again = record(signed_in(editor), used)
    assert again.status_code == 400
    assert "already recorded" in words_of(again)


def test_a_stop_needs_and_keeps_its_coded_reason(used: Entry, editor: User, signed_in: Any) -> None:
    TrustFactory(code="RQM")
    assert record(signed_in(editor), used, stage="stopped", stop_reason="no_interface").status_code == 302
    assert AdoptionRecord.objects.get().stop_reason == "no_interface"


def test_a_contributor_records_and_does_not_verify(
    used: Entry, networks: Networks, editor: User, signed_in: Any
) -> None:
    TrustFactory(code="RQM")
    contributor = networks.person("contributor")
    assert record(signed_in(contributor), used).status_code == 302
    row = AdoptionRecord.objects.get()
    assert signed_in(contributor).post(reverse("editing:verify_event", args=[used.pk, row.pk])).status_code == 403


@pytest.mark.parametrize("who", ["editor", "reviewer"])
def test_another_network_can_do_nothing_here(
    used: Entry, reply: Reply, networks: Networks, signed_in: Any, who: str
) -> None:
    stranger = networks.person(who, network=networks.other)
    client = signed_in(stranger)
    TrustFactory(code="RQM")
    assert client.get(reverse("editing:entry_adoption", args=[used.pk])).status_code == 403
    assert record(client, used).status_code == 403
    for name in ("accept_reply", "refuse_reply"):
        assert client.post(reverse(f"editing:{name}", args=[used.pk, reply.pk])).status_code == 403
    assert board_of(stranger).replies == []
    own = InnovationFactory(published=True, owner_network=networks.other)
    assert client.post(reverse("editing:accept_reply", args=[own.pk, reply.pk])).status_code == 403
    assert Reply.objects.get().state == "waiting"


def test_what_contradicts_a_verified_record_stands_on_the_start_page_and_in_the_mail(
    used: Entry, reply: Reply, editor: User, signed_in: Any
) -> None:
    assert board_of(editor).replies == [reply]
    assert digest_of(editor).says_something
    page = words_of(signed_in(editor).get(reverse("editing:start")))
    assert "Said by organisations, against verified records" in page
    assert "They add: The licence ran out." in page


def test_accepted_it_becomes_a_verified_event(used: Entry, reply: Reply, editor: User, signed_in: Any) -> None:
    address = reverse("editing:accept_reply", args=[used.pk, reply.pk])
    signed_in(editor).post(address)
    reply.refresh_from_db()
    assert reply.record is not None
    assert (reply.state, reply.decided_by) == ("accepted", editor)
    assert (reply.record.stage, reply.record.stop_reason, reply.record.verified_by) == ("stopped", "cost", editor)
    again = signed_in(editor).post(address, follow=True)
    assert "Somebody has decided about this reply already" in words_of(again)
    assert AdoptionRecord.objects.count() == 2


def test_refused_the_verified_record_stands(used: Entry, reply: Reply, editor: User, signed_in: Any) -> None:
    signed_in(editor).post(reverse("editing:refuse_reply", args=[used.pk, reply.pk]), {"reason": "A slip, they said."})
    reply.refresh_from_db()
    assert (reply.state, reply.decided_why, AdoptionRecord.objects.count()) == ("refused", "A slip, they said.", 1)


def consent(**more: str) -> dict[str, str]:
    said = {"consent_by": "Head of e-rostering", "consent_on": f"{timezone.localdate():%Y-%m-%d}"}
    return {**said, "consent_for": "adoption", **more}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"consent_by": ""}, "This field is required"),
        ({"consent_on": ""}, "This field is required"),
        ({"consent_for": ""}, "Without their consent to this nobody may be asked"),
        ({"consent_on": "2999-01-01"}, "has not come yet"),
        ({"consent_on": "2020-01-01"}, "This consent has lapsed"),
    ],
)
def test_no_contact_is_kept_without_a_consent(editor: User, signed_in: Any, wrong: dict[str, str], says: str) -> None:
    TrustFactory(code="RQM")
    form = {"organisation": "RQM", "email": "digital@example.org", **consent(**wrong)}
    answer = signed_in(editor).post(reverse("editing:add_contact"), form)
    assert answer.status_code == 400
    assert says in words_of(answer)
    known = ContactFactory(consent_by="", consent_on=None, consent_for="")
    answer = signed_in(editor).post(reverse("editing:consent", args=[known.pk]), consent(**wrong))
    assert answer.status_code == 400
    assert says in words_of(answer)
    assert [row.consent_for for row in Contact.objects.all()] == [""]


def test_a_consent_is_written_down_later_by_those_who_verify(networks: Networks, editor: User, signed_in: Any) -> None:
    known = ContactFactory(consent_by="", consent_on=None, consent_for="")
    address = reverse("editing:consent", args=[known.pk])
    assert signed_in(networks.person("contributor")).get(address).status_code == 403
    client = signed_in(editor)
    assert "No consent is on record: nothing is sent" in words_of(client.get(reverse("editing:adoption")))
    assert client.post(address, consent()).status_code == 302
    known.refresh_from_db()
    assert (known.consent_by, known.added_by) == ("Head of e-rostering", editor)
    assert "Head of e-rostering" in words_of(client.get(reverse("editing:adoption")))
    assert client.get(reverse("editing:consent", args=[0])).status_code == 403


def test_contacts_are_added_and_removed_by_those_who_verify(networks: Networks, editor: User, signed_in: Any) -> None:
    TrustFactory(code="RQM", name="Chelsea Trust")
    form = {"organisation": "RQM", "email": "digital@example.org", **consent()}
    address = reverse("editing:add_contact")
    assert signed_in(networks.person("contributor")).post(address, form).status_code == 403
    assert signed_in(editor).post(address, form).status_code == 302
    again = signed_in(editor).post(address, form)
    assert again.status_code == 400
    assert "already there for this organisation" in words_of(again)
    wrong = signed_in(editor).post(address, form | {"email": "nobody"})
    assert "Enter a valid email address" in words_of(wrong)
    page = words_of(signed_in(editor).get(reverse("editing:adoption")))
    assert "digital@example.org" in page
    assert "digital@example.org" not in words_of(
        signed_in(networks.person("contributor")).get(reverse("editing:adoption"))
    )
    signed_in(editor).post(reverse("editing:remove_contact", args=[Contact.objects.get().pk]))
    assert not Contact.objects.exists()


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_screens_cost_the_same_for_one_as_for_twenty(
    used: Entry, editor: User, signed_in: Any, django_assert_max_num_queries: Any, how_many: int
) -> None:
    for row in AdoptionRecordFactory.create_batch(how_many, entry=used):
        ReplyFactory(entry=used, organisation=row.organisation, contradicts=row)
    ContactFactory.create_batch(how_many)
    client = signed_in(editor)
    for name, args in (("editing:adoption", []), ("editing:entry_adoption", [used.pk])):
        with django_assert_max_num_queries(16):
            assert client.get(reverse(name, args=args)).status_code == 200

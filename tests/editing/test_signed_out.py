"""A form that comes after its writer was signed out: nothing is saved, and nothing that was typed is lost."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.catalogue.models import Entry
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HERE = {"Origin": "http://testserver"}
TYPED = {"title": "Ward huddles", "summary": "Two lines,\n“quoted” & <b>marked</b>.", "themes": ["3", "4"]}


def sent_again(answer: Any) -> dict[str, list[str]]:
    """Return the fields of the form in a page, as a browser would send them."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.content.decode()):
        fields.setdefault(name, []).append(unescape(value))
    return fields


def test_what_a_signed_out_person_sent_is_kept_and_can_be_sent_again(entry: Entry) -> None:
    address = reverse("innovation:edit", args=[entry.pk])
    answer = Client().post(address, TYPED, headers=HERE)
    told = answer.content.decode()
    assert answer.status_code == 403
    assert "You were signed out, so nothing was saved" in told
    assert reverse("account_login") in told
    assert f'action="{address}"' in told
    kept = sent_again(answer)
    assert kept.pop("csrfmiddlewaretoken")[0]
    assert kept == {"title": [TYPED["title"]], "summary": [TYPED["summary"]], "themes": TYPED["themes"]}


@pytest.mark.parametrize("said", [HERE, {"Sec-Fetch-Site": "same-origin"}], ids=["origin", "sec-fetch-site"])
def test_a_form_from_before_signing_in_again_is_taken_as_it_is(
    entry: Entry, editor: User, said: dict[str, str]
) -> None:
    """Its token is an earlier session's; the browser says that a page of this site sent it."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    address = reverse("editing:submit", args=[entry.pk])
    client.post(address, {"csrfmiddlewaretoken": "x" * 64, "reason": "Ready."}, headers=said)
    assert type(entry).objects.get(pk=entry.pk).workflow_in_progress


@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://sister.testserver", "Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {},
    ],
    ids=["other", "sister", "hidden", "silent"],
)
def test_a_form_of_another_site_is_not_taken(entry: Entry, editor: User, said: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    answer = client.post(reverse("editing:submit", args=[entry.pk]), {"reason": "quoll"}, headers=said)
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()
    assert "quoll" not in answer.content.decode()
    assert not type(entry).objects.get(pk=entry.pk).workflow_in_progress


def test_a_password_is_never_given_back() -> None:
    typed = {"title": "Ward huddles", "password": "numbat-numbat"}
    answer = Client().post(reverse("wagtailadmin_account"), typed, headers=HERE)
    assert answer.status_code == 403
    assert "numbat" not in answer.content.decode()


def test_a_draft_that_saves_itself_is_told_that_its_writer_is_signed_out(entry: Entry) -> None:
    address = reverse("innovation:edit", args=[entry.pk])
    answer = Client().post(address, TYPED, headers=HERE | {"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.json()["error_message"].startswith("You were signed out.")


def test_the_page_asks_whether_its_writer_is_still_signed_in(editor: User) -> None:
    client = Client()
    assert client.get(reverse("editing:session")).json() == {"signed_in": False}
    client.force_login(UserFactory())
    assert client.get(reverse("editing:session")).json() == {"signed_in": False}
    client.force_login(editor)
    answer = client.get(reverse("editing:session"))
    assert (answer.json()["signed_in"], answer.json()["name"]) == (True, "edith")
    assert "no-store" in answer["Cache-Control"]

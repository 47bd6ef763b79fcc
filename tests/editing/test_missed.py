"""What readers looked for in vain, and words that mean the same, on the editing site."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.catalogue.models import MissedSearch, Synonyms

pytestmark = pytest.mark.django_db


@pytest.fixture
def missed() -> None:
    MissedSearch.objects.create(words="quokka ward", month="2026-11-01", times=2)
    MissedSearch.objects.create(words="said once", month="2026-11-01", times=1)


def test_editors_see_what_was_looked_for_in_vain_twice(client: Client, editor: User, missed: None) -> None:
    client.force_login(editor)
    for address in (reverse("editing:start"), reverse("editing:missed")):
        page = client.get(address).content.decode()
        assert "quokka ward" in page
        assert "said once" not in page


def test_nobody_else_does(client: Client, missed: None) -> None:
    answer = client.get(reverse("editing:missed"))
    assert answer.status_code == 302
    assert b"quokka" not in answer.content


def test_publishers_alone_change_words_that_mean_the_same(client: Client, editor: User, publisher: User) -> None:
    asked = {"key": "erd", "terms": "eRD\nelectronic repeat dispensing", "why": "Its own short name.", "in_use": "on"}
    client.force_login(editor)
    assert client.get(reverse("same_words:index")).status_code == 200
    assert client.post(reverse("same_words:add"), asked).status_code == 403
    client.force_login(publisher)
    assert client.post(reverse("same_words:add"), asked | {"terms": "eRD\nerd"}).status_code == 200
    assert not Synonyms.objects.exists()
    client.post(reverse("same_words:add"), asked)
    assert Synonyms.objects.get().listed == ["eRD", "electronic repeat dispensing"]

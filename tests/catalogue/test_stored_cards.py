"""Cards that the worker made: the same as those made when asked for, and none for what has changed since."""

from typing import Any

import pytest
from django.test import Client

from portal.catalogue import cards, stored
from portal.catalogue.models import StoredCard
from portal.catalogue.services import withdraw_entry
from portal.catalogue.sharing import forget_answers
from portal.catalogue.stored import store_answers, up_to_date
from tests.factories import (
    AdoptionRecordFactory,
    CaseStudyFactory,
    IcbFactory,
    InnovationFactory,
    ThemeFactory,
    TrustFactory,
    UserFactory,
    add_figure,
    cite,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> Any:
    place = IcbFactory(short_name="Devon <&>")
    entry = InnovationFactory(
        published=True, title="A <b>", themes=[ThemeFactory(name="Banks & pools")], places=[place]
    )
    add_figure(entry, value=12, label="Hours <i>saved</i>")
    cite(entry, finding="It helped.")
    AdoptionRecordFactory(entry=entry, stage="adopted")
    return entry


def current() -> set[int]:
    return set(up_to_date(StoredCard).values_list("pk", flat=True))


def test_a_stored_card_reads_like_one_made_when_asked_for(client: Client, entry: Any) -> None:
    CaseStudyFactory(published=True, title="Story")
    CaseStudyFactory(title="Draft")
    made = [client.get(address).content for address in ("/catalogue/", "/catalogue.atom")]
    store_answers()
    forget_answers()
    assert StoredCard.objects.count() == 2
    assert [client.get(address).content for address in ("/catalogue/", "/catalogue.atom")] == made
    assert b"A &lt;b&gt;" in made[0]
    assert b"Devon &lt;&amp;&gt;" in made[0]


def test_only_what_changed_is_made_anew(entry: Any, django_assert_num_queries: Any) -> None:
    other, trust = CaseStudyFactory(published=True), TrustFactory()
    store_answers()
    with django_assert_num_queries(1):
        store_answers()
    AdoptionRecordFactory(entry=entry, organisation=trust, stage="sustained")
    assert current() == {other.pk}
    store_answers()
    assert current() == {entry.pk, other.pk}
    ThemeFactory()
    assert current() == set()


def test_a_card_of_another_release_or_of_what_was_withdrawn_is_not_shown(
    entry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_answers()
    StoredCard.objects.filter(pk=entry.pk).update(told={})
    monkeypatch.setattr(stored, "release", lambda: "the next one")
    assert [card.title for card in cards.cards_of([entry.pk])] == ["A <b>"]
    withdraw_entry(entry=entry, by=UserFactory(), reason="Test")
    StoredCard.objects.update(made_for=stored.made_for())
    assert cards.cards_of([entry.pk]) == []

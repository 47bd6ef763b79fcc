"""Words: where they are looked for, in which order entries come, what is marked, and what is never found."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pyroaring import BitMap

from portal.catalogue.finding.documents import stale_texts
from portal.catalogue.finding.index import current_index
from portal.catalogue.models import SearchText, SearchWord, Synonyms
from portal.catalogue.services import publish_entry, withdraw_entry
from tests.factories import (
    CaseStudyFactory,
    EvidenceFactory,
    InnovationFactory,
    LearningPointFactory,
    MeasureFactory,
    ParticipantFactory,
    TrustFactory,
    UserFactory,
    add_figure,
    cite,
    publish,
)

pytestmark = pytest.mark.django_db
Find = Callable[..., list[str]]


@pytest.fixture
def find(client: Client) -> Find:
    def titles(words: str, **query: Any) -> list[str]:
        listing = client.get(reverse("catalogue:list"), {"q": words, **query}).context["listing"]
        return [card.title for card in listing.cards]

    return titles


def test_words_in_the_title_come_first_then_summary_facts_and_the_rest(find: Find) -> None:
    plain = {"published": True, "summary": "Nothing of note."}
    InnovationFactory(**plain, title="In the rest", how_it_works="It plans rotas.")
    cite(InnovationFactory(**plain, title="In the facts"), evidence=EvidenceFactory(title="Rotas evaluated"))
    InnovationFactory(published=True, title="In the summary", summary="A tool for rotas.")
    InnovationFactory(**plain, title="Another name", other_names=["Rota maker"])
    InnovationFactory(**plain, title="Rota")
    assert find("rotas") == ["Rota", "Another name", "In the summary", "In the facts", "In the rest"]


def test_an_entry_is_found_by_its_measures_evidence_and_organisations(find: Find) -> None:
    entry = CaseStudyFactory(title="Found", lead_organisations=[TrustFactory(name="Zebra Trust")])
    add_figure(entry, measure=MeasureFactory(name="Quokkas counted"), published=False)
    cite(entry, evidence=EvidenceFactory(title="The wombat review"), published=False)
    ParticipantFactory(case_study=entry, name="Numbat College")
    LearningPointFactory(case_study=entry, text="Begin with bilbies.")
    publish(entry)
    for word in ("zebra", "quokka", "wombat", "numbat", "bilby", '"wombat review"'):
        assert find(word) == ["Found"], word
    assert find('"review wombat"') == []


@pytest.mark.parametrize("word", ["passport", "passports", "PASSPORTING", "pässport"])
def test_endings_case_and_accents_of_what_is_typed_do_not_matter(find: Find, word: str) -> None:
    InnovationFactory(published=True, title="Passport")
    assert find(word) == ["Passport"]


def test_labels_of_parts_are_not_words_to_find_by(find: Find) -> None:
    cite(InnovationFactory(published=True, title="A", challenge="Few nurses.", summary="Short."))
    assert find("challenge") == []


def test_matched_words_are_marked_and_the_passage_says_where_it_stands(client: Client) -> None:
    InnovationFactory(published=True, title="A <b>rota</b>", summary="Plain.")
    long = f"{'x ' * 200}A rota & <i>more</i>."
    InnovationFactory(published=True, title="Other", summary="Plain.", how_it_works=long)
    page = client.get(reverse("catalogue:list"), {"q": "rotas"})
    first, second = page.context["listing"].cards
    assert first.passage.title == "A &lt;b&gt;<mark>rota</mark>&lt;/b&gt;"
    assert second.passage.label == "How it works"
    assert "A <mark>rota</mark> &amp; &lt;i&gt;more&lt;/i&gt;." in second.passage.text
    assert second.passage.text.startswith("… ")
    assert b"<i>more" not in page.content


def test_synonyms_are_found_both_ways_and_editors_can_put_them_aside(find: Find) -> None:
    InnovationFactory(published=True, title="Electronic repeat dispensing")
    InnovationFactory(published=True, title="About eRD")
    assert find("erd") == ["About eRD"]
    same = Synonyms.objects.create(key="erd", terms="eRD\nelectronic repeat dispensing")
    assert (
        sorted(find("erd"))
        == sorted(find("electronic repeat dispensing"))
        == [
            "About eRD",
            "Electronic repeat dispensing",
        ]
    )
    same.in_use = False
    same.save()
    assert find("erd") == ["About eRD"]


def test_a_misspelt_word_offers_the_nearest_and_forces_nothing(client: Client) -> None:
    InnovationFactory(published=True, title="Apprenticeships and passporting")
    listing = client.get(reverse("catalogue:list"), {"q": "pasporting aprenticeships"}).context["listing"]
    assert listing.cards == []
    assert listing.nearest.words == "passporting apprenticeships"
    assert listing.nearest.address == "?q=passporting+apprenticeships"
    assert client.get(reverse("catalogue:list"), {"q": "passporting"}).context["listing"].nearest is None


@pytest.mark.parametrize("canary", ["draft", "edit", "withdrawn"])
def test_what_is_not_public_is_in_no_text_and_no_vocabulary(find: Find, canary: str) -> None:
    if canary == "draft":
        InnovationFactory(title="Wallaroo")
    entry = InnovationFactory(published=True, title="Seen", summary="Wallaroo." if canary == "withdrawn" else "Seen.")
    if canary == "edit":
        entry.summary = "A wallaroo waits."
        entry.save_revision(clean=False)
    if canary == "withdrawn":
        assert find("wallaroo") == ["Seen"]
        withdraw_entry(entry=entry, by=UserFactory(), reason="Test")
    assert find("wallaroo") == []
    assert not SearchText.objects.filter(summary__icontains="wallaroo").exists()
    assert not SearchWord.objects.filter(word__startswith="wallar").exists()
    assert stale_texts() == []


def test_texts_follow_every_publication_and_a_corrected_source(find: Find) -> None:
    entry = InnovationFactory(published=True, title="Old words")
    link = cite(entry)
    entry = type(entry).objects.get(pk=entry.pk)
    entry.title = "New words"
    publish_entry(entry=entry)
    assert find("old") == []
    assert find("new") == ["New words"]
    link.evidence.title = "A pangolin study"
    link.evidence.save()
    assert find("pangolin") == ["New words"]
    assert SearchWord.objects.get(word="words").entries == 1
    assert stale_texts() == []


def test_after_a_publication_words_known_already_are_asked_of_what_was_published_alone(find: Find) -> None:
    kept, gained, lost, gone = (
        InnovationFactory(published=True, title=title) for title in ("Wards kept", "Gained", "Wards lost", "Wards gone")
    )
    assert find("ward") == ["Wards gone", "Wards kept", "Wards lost"]
    gained.title, lost.title, kept.title = "Gained wards", "Lost", "Draft without them"
    publish_entry(entry=gained)
    publish_entry(entry=lost)
    kept.save_revision(clean=False)
    withdraw_entry(entry=gone, by=UserFactory(), reason="Test")
    index = current_index()
    known = index.phrases_unsure_of(BitMap())
    assert known
    assert all({gained.pk, lost.pk, gone.pk} <= set(one.unsure) for one in known.values())
    assert find("ward") == ["Gained wards", "Wards kept"]
    assert find("wards") == ["Gained wards", "Wards kept"]  # which nobody asked before


@pytest.mark.django_db(transaction=True)
def test_the_command_checks_and_mends(find: Find) -> None:
    InnovationFactory(published=True, title="Kept")
    SearchText.objects.update(title="Something else")
    with pytest.raises(CommandError, match="Kept"):
        call_command("search_texts", check=True)
    call_command("search_texts", verbosity=0)
    call_command("search_texts", check=True)
    assert find("kept") == ["Kept"]

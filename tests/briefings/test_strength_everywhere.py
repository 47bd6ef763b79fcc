"""One strength, read on the page, on the card and in the pack: the same words."""

import io
import json
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from portal.briefings.rendering import render_pack
from portal.catalogue.strength import told_strength_of
from portal.evidence.services import put_rule_in_force
from tests.briefings.samples import snapshot_of
from tests.evidence.rules import second_version
from tests.factories import EvidenceFactory, InnovationFactory, ThemeFactory, cite

pytestmark = pytest.mark.django_db

TEXT = "Strength 3 of 5: moderate"


@pytest.fixture
def entry() -> Any:
    entry = InnovationFactory(published=True, themes=[ThemeFactory()])
    evidence = EvidenceFactory(
        title="The study",
        type="before_after",
        independence="independent",
        setting="nhs_england",
        read_extent="abstract",
    )
    cite(entry, evidence=evidence, finding="Fewer calls.")
    return entry


def words(text: str) -> str:
    return " ".join(unescape(text).split())


def page(client: Client, entry: Any) -> str:
    return words(client.get(entry.get_absolute_url()).content.decode())


def card(client: Client, entry: Any) -> str:
    return words(client.get(reverse("innovations:list")).content.decode())


def card_of_a_theme(client: Client, entry: Any) -> str:
    return words(client.get(reverse("catalogue:theme", args=[entry.themes.get().slug])).content.decode())


def frozen_pack(client: Client, entry: Any) -> str:
    return json.dumps(snapshot_of(entry)["entries"], ensure_ascii=False)


def document(client: Client, entry: Any) -> str:
    reader = PdfReader(io.BytesIO(render_pack(snapshot_of(entry))))
    return words(" ".join(page.extract_text() for page in reader.pages))


OUTPUTS = [page, card, card_of_a_theme, frozen_pack, document]
WHOLE = [page, frozen_pack, document]


@pytest.mark.slow
@pytest.mark.parametrize("output", OUTPUTS)
def test_a_strength_reads_the_same_everywhere(client: Client, entry: Any, output: Callable[[Client, Any], str]) -> None:
    assert told_strength_of(entry).text == TEXT
    assert TEXT in output(client, entry)


@pytest.mark.slow
@pytest.mark.parametrize("output", WHOLE)
def test_what_it_rests_on_what_holds_it_and_the_step_up_read_the_same(
    client: Client, entry: Any, output: Callable[[Client, Any], str]
) -> None:
    told, said = told_strength_of(entry), output(client, entry)
    for sentence in [told.findings[0].text, *told.limits, told.step, told.check]:
        assert sentence in said


@pytest.fixture
def second() -> Iterator[None]:
    with second_version():
        yield


def test_an_issued_pack_keeps_the_version_it_was_made_by(entry: Any, second: None) -> None:
    before = snapshot_of(entry)
    put_rule_in_force(version=2, instead_of=1, why="Abstracts mislead.", by=None)
    after = snapshot_of(entry)
    said = [
        (data["entries"][0]["strength"]["text"], data["entries"][0]["strength"]["rule_version"])
        for data in (before, after)
    ]
    assert said == [(TEXT, 1), ("Strength 1 of 5: very weak", 2)]


def test_what_decides_is_cited_by_its_number(entry: Any) -> None:
    data = snapshot_of(entry)
    [row] = [row for row in data["entries"][0]["evidence"]["rows"] if row["decides"]]
    assert data["references"][row["source"] - 1]["title"] == "The study"

"""The list of evidence."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import EvidenceFactory, InnovationFactory, cite

pytestmark = pytest.mark.django_db


def test_only_what_a_published_entry_cites_is_listed_with_the_published_entries(client: Client) -> None:
    seen = EvidenceFactory(title="Cited in public")
    cite(InnovationFactory(published=True, title="Public entry"), evidence=seen)
    cite(InnovationFactory(title="Draft entry"), evidence=seen)
    cite(InnovationFactory(), evidence=EvidenceFactory(title="Cited in a draft"))
    page = client.get(reverse("evidence:list")).content.decode()
    assert "Cited in public" in page
    assert "Public entry" in page
    assert "Cited in a draft" not in page
    assert "Draft entry" not in page


def test_a_type_narrows_the_list_and_an_unknown_one_is_said(client: Client) -> None:
    entry = InnovationFactory(published=True)
    cite(entry, evidence=EvidenceFactory(title="A trial", type="rct"))
    cite(entry, evidence=EvidenceFactory(title="A brochure", type="supplier_material"))
    narrowed = client.get(reverse("evidence:list"), {"type": "rct"}).content.decode()
    assert "A trial" in narrowed
    assert "A brochure" not in narrowed
    unknown = client.get(reverse("evidence:list"), {"type": "gossip"}).content.decode()
    assert "type “gossip”. Give one of systematic_review" in unknown
    assert "A brochure" in unknown


def test_who_stands_behind_it_narrows_the_list_and_types_keep_that(client: Client) -> None:
    entry = InnovationFactory(published=True)
    for independence in ("independent", "implementer"):
        cite(entry, evidence=EvidenceFactory(title=f"An {independence} study", type="rct", independence=independence))
    page = client.get(reverse("evidence:list"), {"independence": "independent", "page": "1"}).content.decode()
    assert "An independent study" in page
    assert "An implementer study" not in page
    assert '<option value="independent" selected>' in page
    assert '<a href="?independence=independent&amp;type=rct">Randomised controlled trial (1)</a>' in page


@pytest.mark.parametrize("how_many", [1, 25])
def test_the_list_costs_the_same_for_one_as_for_a_page(
    client: Client, django_assert_num_queries: Any, how_many: int
) -> None:
    for _ in range(how_many):
        cite(InnovationFactory(published=True), published=False)
    with django_assert_num_queries(5):
        client.get(reverse("evidence:list"))

"""How sure an entry's findings are: live, as a draft, and by another version of the rule."""

from collections.abc import Iterator
from typing import Any

import pytest

from portal.benefits.models import BenefitFigure
from portal.catalogue.models import Entry, EntryEvidence
from portal.catalogue.strength import entries_that_would_change, strength_of, told_strength_of
from portal.evidence.querysets import UnknownRule
from portal.evidence.services import put_rule_in_force
from tests.evidence.rules import second_version
from tests.factories import CaseStudyFactory, EvidenceFactory, InnovationFactory, add_figure, cite

pytestmark = pytest.mark.django_db


@pytest.fixture
def second() -> Iterator[None]:
    with second_version():
        yield


def study(**more: Any) -> Any:
    """Return a before-and-after study with nothing against it, but for what is given."""
    stated = {"independence": "independent", "setting": "nhs_england", "read_extent": "abstract"}
    return EvidenceFactory(**{"type": "before_after", **stated, **more})


def test_what_a_source_found_counts_and_what_it_is_cited_for_otherwise_does_not() -> None:
    entry = InnovationFactory(published=True)
    cite(entry, evidence=study())
    assert strength_of(entry).level == 0
    cite(entry, evidence=study(), finding="Fewer calls.")
    assert strength_of(entry).level == 3


def test_a_source_of_an_achieved_benefit_counts_though_no_finding_is_written() -> None:
    entry = InnovationFactory(published=True)
    measured, promised, counted = study(), study(), study()
    for evidence in (measured, promised, counted):
        cite(entry, evidence=evidence)
    add_figure(entry, evidence=promised, achievement="potential")
    add_figure(entry, evidence=counted, role="baseline")
    assert strength_of(entry).level == 0
    add_figure(entry, evidence=measured)
    assert [one.finding.key for one in strength_of(entry).weighed] == [measured.key]


def test_a_source_known_through_another_is_not_read_whatever_was_said_of_it() -> None:
    entry = InnovationFactory(published=True)
    cite(entry, evidence=study(known_through=EvidenceFactory(), read_extent="whole"), finding="Fewer calls.")
    assert strength_of(entry).level == 2


def test_a_draft_in_memory_has_its_own_strength(django_assert_num_queries: Any) -> None:
    innovation = InnovationFactory(published=True)
    draft = innovation.with_content_json(innovation.serializable_data())
    for _ in range(5):
        draft.evidence_links.add(EntryEvidence(evidence_id=study().pk, finding="Fewer calls."))
    with django_assert_num_queries(2):
        assert strength_of(draft).level == 3
    assert strength_of(Entry.objects.get()).level == 0


def test_a_figure_of_a_draft_counts_too() -> None:
    innovation = InnovationFactory(published=True)
    figure = add_figure(innovation, evidence=study(), published=False)
    cite(innovation, evidence=figure.evidence, published=False)
    draft = type(innovation).objects.get().with_content_json(type(innovation).objects.get().serializable_data())
    draft.figures.set([])
    assert strength_of(draft).level == 0
    assert BenefitFigure.objects.get() == figure
    assert strength_of(innovation).level == 3


@pytest.mark.parametrize("how_many", [1, 20])
@pytest.mark.parametrize("fetch", ["for_cards", "for_page"])
def test_an_entry_fetched_for_a_page_costs_one_query_for_the_rule(
    django_assert_num_queries: Any, fetch: str, how_many: int
) -> None:
    entry = InnovationFactory(published=True)
    for _ in range(how_many):
        cite(entry, evidence=study(known_through=EvidenceFactory()), finding="Fewer calls.", published=False)
    fetched = getattr(Entry.objects, fetch)().get()
    with django_assert_num_queries(1):
        told_strength_of(fetched)


def test_what_another_version_would_change_is_listed_with_the_reason(second: None) -> None:
    weaker = InnovationFactory(published=True, title="B")
    also = CaseStudyFactory(published=True, title="A")
    steady, draft = InnovationFactory(published=True), InnovationFactory()
    for entry in (weaker, also, draft):
        cite(entry, evidence=study(title="A study"), finding="Fewer calls.")
    cite(steady, evidence=study(read_extent="whole"), finding="Fewer calls.")
    changes = entries_that_would_change(2)
    assert [(change.entry.title, change.before.level, change.after.level) for change in changes] == [
        ("A", 3, 1),
        ("B", 3, 1),
    ]
    assert changes[0].why == "“A study” would count for 1, not 3."
    assert changes[0].after.text == "Strength 1 of 5: very weak"


@pytest.mark.slow
@pytest.mark.parametrize("how_many", [2, 20])
def test_listing_costs_the_same_for_two_entries_as_for_twenty(
    second: None, django_assert_num_queries: Any, how_many: int
) -> None:
    for _ in range(how_many):
        entry = InnovationFactory(published=True)
        cite(entry, evidence=study(), finding="Fewer calls.", published=False)
    with django_assert_num_queries(8):
        assert len(entries_that_would_change(2)) == how_many


def test_after_it_came_in_force_the_list_is_empty_and_the_entry_has_the_new_strength(second: None) -> None:
    entry = InnovationFactory(published=True)
    cite(entry, evidence=study(), finding="Fewer calls.")
    put_rule_in_force(version=2, instead_of=1, why="Abstracts mislead.", by=None)
    assert entries_that_would_change(2) == []
    assert strength_of(entry).text == "Strength 1 of 5: very weak"


def test_a_version_that_is_not_there_can_not_be_compared() -> None:
    with pytest.raises(UnknownRule):
        entries_that_would_change(9)

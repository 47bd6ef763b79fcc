"""The catalogue's version moves with whatever may change a public answer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from portal.catalogue.models import CatalogueMove, CatalogueVersion
from portal.catalogue.services import publish_entry
from tests.factories import (
    AdoptionRecordFactory,
    BenefitFigureFactory,
    CaseStudyFactory,
    CoverageClaimFactory,
    DeflatorFactory,
    EvidenceFactory,
    InnovationFactory,
    MeasureFactory,
    MembershipFactory,
    NetworkClaimFactory,
    SuccessionFactory,
    ThemeFactory,
    TrustFactory,
)

pytestmark = pytest.mark.django_db

CHANGES: dict[str, Callable[[], object]] = {
    "innovation": lambda: InnovationFactory(published=True),
    "case study": lambda: CaseStudyFactory(published=True),
    "figure": lambda: BenefitFigureFactory(entry=InnovationFactory()),
    "measure": MeasureFactory,
    "evidence": EvidenceFactory,
    "theme": ThemeFactory,
    "organisation": TrustFactory,
    "membership": MembershipFactory,
    "succession": SuccessionFactory,
    "price index": DeflatorFactory,
    "network's own total": NetworkClaimFactory,
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_moves_with(change: str) -> None:
    before = CatalogueVersion.now()
    CHANGES[change]()
    assert CatalogueVersion.now() != before


def test_it_moves_when_an_entry_changes_theme() -> None:
    entry, theme = InnovationFactory(published=True), ThemeFactory()
    before = CatalogueVersion.now()
    entry.themes.add(theme)
    entry.save()
    assert CatalogueVersion.now() != before


def test_it_moves_when_a_row_goes() -> None:
    theme = ThemeFactory()
    before = CatalogueVersion.now()
    theme.delete()
    assert CatalogueVersion.now() != before


def test_a_change_that_is_taken_back_moves_nothing_and_its_version_never_comes_again() -> None:
    trust = TrustFactory()
    before = CatalogueVersion.now()
    seen = {before}
    for _ in range(3):
        with transaction.atomic():
            trust.save()
            seen.add(CatalogueVersion.now())
            transaction.set_rollback(True)
        assert CatalogueVersion.now() == before
    assert len(seen) == 4


def test_it_starts_again_when_its_row_is_gone() -> None:
    CatalogueVersion.objects.all().delete()
    CatalogueVersion.move()
    assert CatalogueVersion.now().startswith("1-")


@pytest.mark.parametrize("factory", [AdoptionRecordFactory, CoverageClaimFactory])
def test_what_is_reported_of_adoption_moves_it(factory: Callable[..., Any]) -> None:
    fact = factory(entry=InnovationFactory(published=True))
    seen = [CatalogueVersion.now()]
    for change in (fact.save, fact.delete):
        change()
        seen.append(CatalogueVersion.now())
    assert len(set(seen)) == 3


def test_a_publication_is_one_move_of_its_entry() -> None:
    entry = InnovationFactory(published=True, themes=[ThemeFactory()])
    before = CatalogueMove.objects.count()
    entry.summary = "Another."
    publish_entry(entry=entry)
    assert CatalogueMove.objects.count() == before + 1
    assert CatalogueMove.objects.last().entries == [entry.pk]


def test_moves_gathered_are_of_any_entry_when_one_of_them_is() -> None:
    with CatalogueVersion.moves_once():
        InnovationFactory()
        with CatalogueVersion.moves_once():
            ThemeFactory()
    assert CatalogueMove.objects.get().entries is None


def test_work_that_fails_leaves_no_move_and_gathers_no_more() -> None:
    @CatalogueVersion.moves_once()
    def work() -> None:
        ThemeFactory()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert not CatalogueMove.objects.exists()
    ThemeFactory()
    assert CatalogueMove.objects.exists()

"""Every factory makes a row that its model and the database accept, more than once."""

from typing import Any

import pytest

import tests.factories as factories
from casestudies.models import CaseStudy
from innovations.models import Innovation

pytestmark = pytest.mark.django_db

NAMES = [name for name in factories.__all__ if name.endswith("Factory")]
PARENTS = {
    **dict.fromkeys(["AdoptionRecordFactory", "BenefitFigureFactory", "ClaimFactory", "CoverageClaimFactory"], "entry"),
    **dict.fromkeys(["EntryEvidenceFactory", "ReplyFactory"], "entry"),
    **dict.fromkeys(["LearningPointFactory", "ParticipantFactory"], "case_study"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_factory_makes_valid_rows(name):
    fields: dict[str, Any] = {PARENTS[name]: factories.CaseStudyFactory()} if name in PARENTS else {}
    first, second = (getattr(factories, name)(**fields) for _ in range(2))
    first.full_clean()
    assert first != second


@pytest.mark.parametrize(
    ("factory", "kind"), [(factories.InnovationFactory, Innovation), (factories.CaseStudyFactory, CaseStudy)]
)
def test_a_published_entry_is_live_with_its_children_in_its_revision(factory, kind):
    entry = factory(published=True, themes=[factories.ThemeFactory()], other_names=["S12"])
    figure = factories.add_figure(entry)
    stored = kind.objects.public().get(pk=entry.pk)
    assert (stored.version, stored.figures.get(), stored.themes.count()) == (2, figure, 1)
    assert [row["pk"] for row in stored.latest_revision.content["figures"]] == [figure.pk]
    assert [row["name"] for row in stored.latest_revision.content["other_names"]] == ["S12"]

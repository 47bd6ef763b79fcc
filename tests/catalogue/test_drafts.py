"""A draft of a published entry, with its figures, leaves what people read untouched until it is published."""

import pytest

from casestudies.models import CaseStudy
from innovations.models import Innovation
from portal.catalogue.models import Entry
from portal.catalogue.models.entry import BareEntry
from portal.catalogue.services import publish_entry
from tests.factories import CaseStudyFactory, InnovationFactory, ThemeFactory, UserFactory, add_figure, cite

pytestmark = pytest.mark.django_db

KINDS = pytest.mark.parametrize("factory", [InnovationFactory, CaseStudyFactory])


@KINDS
def test_a_published_entry_has_its_revision(factory: type) -> None:
    entry = factory(published=True)
    assert entry.live
    assert entry.latest_revision is not None
    assert [revision.content_object for revision in entry.revisions.all()] == [entry]


@KINDS
def test_a_draft_leaves_the_live_entry_and_its_figures_alone(factory: type) -> None:
    entry = factory(published=True, title="As published")
    add_figure(entry, value=41000)

    draft = type(entry).objects.get(pk=entry.pk)
    draft.title = "As corrected"
    draft.figures = list(draft.figures.all())
    draft.figures.all()[0].value = 38500
    figure = draft.figures.all()[0]
    figure.value = 38500
    draft.figures = [figure]
    draft.save_revision(clean=False)

    live = type(entry).objects.get(pk=entry.pk)
    assert (live.title, live.figures.get().value) == ("As published", 41000)
    assert live.has_unpublished_changes
    waiting = live.get_latest_revision_as_object()
    assert (waiting.title, waiting.figures.get().value) == ("As corrected", 38500)


@KINDS
def test_publishing_brings_the_draft_its_figures_and_its_links(factory: type) -> None:
    theme = ThemeFactory()
    entry = factory(published=True)
    figure = add_figure(entry, value=41000)
    link = cite(entry)

    entry = type(entry).objects.get(pk=entry.pk)
    changed = entry.figures.all()[0]
    changed.value = 38500
    entry.figures = [changed]
    entry.themes = [theme]
    publish_entry(entry=entry, by=UserFactory())

    live = type(entry).objects.get(pk=entry.pk)
    assert live.figures.get().value == 38500
    assert live.figures.get().public_id == figure.public_id
    assert live.evidence_links.get().public_id == link.public_id
    assert list(live.themes.all()) == [theme]


def test_each_publication_counts_one_version() -> None:
    innovation = InnovationFactory(published=True)
    publish_entry(entry=innovation)
    publish_entry(entry=innovation)
    assert Innovation.objects.get(pk=innovation.pk).version == 3


def test_a_bare_entry_makes_no_revision_and_says_what_to_do() -> None:
    entry = Entry.objects.get(pk=InnovationFactory(published=True).pk)
    with pytest.raises(BareEntry, match=r"entry\.specific"):
        entry.save_revision()


def test_a_bare_entry_reaches_its_kind_in_the_same_query(django_assert_num_queries) -> None:
    InnovationFactory(published=True)
    CaseStudyFactory(published=True)
    with django_assert_num_queries(1):
        kinds = {type(entry.specific) for entry in Entry.objects.public().with_specific()}
    assert kinds == {Innovation, CaseStudy}


def test_a_bare_entry_lists_the_revisions_of_its_kind() -> None:
    innovation = InnovationFactory(published=True)
    entry = Entry.objects.get(pk=innovation.pk)
    assert list(entry.revisions.all()) == list(innovation.revisions.all())


def test_withdrawing_through_the_bare_entry_withdraws_the_kind() -> None:
    innovation = InnovationFactory(published=True)
    Entry.objects.get(pk=innovation.pk).unpublish()
    assert not Innovation.objects.get(pk=innovation.pk).live
    assert not Innovation.objects.public().exists()


@KINDS
def test_deleting_an_entry_leaves_nothing_behind(factory: type) -> None:
    from wagtail.models import Revision

    entry = factory(published=True)
    add_figure(entry)
    type(entry).objects.get(pk=entry.pk).delete()
    assert not Entry.objects.exists()
    assert not Revision.objects.exists()

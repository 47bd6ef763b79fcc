"""The trail: what is written down of each event of an entry, and that it stays as it was written."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import Revision

from innovations.models import Innovation
from portal.accounts.models import User
from portal.catalogue.models import Entry, EntryChange, PublishedVersion
from portal.catalogue.services import (
    AddressChanged,
    NotPublic,
    SlugTaken,
    publish_entry,
    publish_revision,
    record_change,
    withdraw_entry,
)
from portal.core.models import AppendOnly
from tests.factories import (
    CaseStudyFactory,
    InnovationFactory,
    NetworkFactory,
    UserFactory,
    add_figure,
    publish,
)

pytestmark = pytest.mark.django_db

KINDS = pytest.mark.parametrize("factory", [InnovationFactory, CaseStudyFactory])


def fresh(entry: Entry) -> Any:
    return type(entry)._default_manager.get(pk=entry.pk)


def draft_of(entry: Entry, **fields: Any) -> Revision:
    draft = fresh(entry)
    for name, value in fields.items():
        setattr(draft, name, value)
    return draft.save_revision(clean=False)


def last_change(entry: Entry) -> EntryChange:
    change = EntryChange.objects.filter(entry=entry.pk).first()
    assert change is not None
    return change


@KINDS
def test_the_first_publication_says_so(factory: type) -> None:
    entry = factory(published=True, title="The app")
    change = last_change(entry)

    assert (change.action, change.version, change.title) == ("published", 1, "The app")
    assert change.sentences == ["First published."]


@KINDS
def test_publishing_a_draft_tells_what_changed_who_why_and_from_where(factory: type) -> None:
    network, person = NetworkFactory(name="Wessex network"), UserFactory(first_name="Ada", last_name="Byron")
    entry = factory(published=True, summary="It helps.", owner_network=network)
    revision = draft_of(entry, summary="It helps nurses.")
    publish_revision(revision=revision, by=person, reason=" The source was corrected. ", origin="import")

    change = last_change(entry)
    assert fresh(entry).summary == "It helps nurses."
    assert (change.action, change.version, fresh(entry).version) == ("published", 2, 2)
    assert (change.by, change.by_name, change.network) == (person, "Ada Byron", "Wessex network")
    assert (change.reason, change.origin) == ("The source was corrected.", "import")
    assert change.sentences == ["Summary changed from “It helps.” to “It helps nurses.”."]


def test_a_publication_is_compared_with_what_was_live_not_with_the_row() -> None:
    """The data files' loader saves the row before it publishes."""
    innovation = InnovationFactory(published=True, title="The app")
    innovation.title = "Our app"
    innovation.save()
    publish_entry(entry=innovation, origin="data_files")

    assert last_change(innovation).sentences == ["Title changed from “The app” to “Our app”."]
    assert last_change(innovation).public_author == "the portal’s data files"


def test_drafts_between_two_publications_are_not_told_one_by_one() -> None:
    innovation = InnovationFactory(published=True, title="One")
    draft_of(innovation, title="Two")
    publish_revision(revision=draft_of(innovation, title="Three"), by=None)

    assert last_change(innovation).sentences == ["Title changed from “One” to “Three”."]


def test_publishing_again_without_a_change_says_so() -> None:
    innovation = InnovationFactory(published=True)
    publish(innovation)
    assert last_change(innovation).sentences == ["Published again. Nothing differs."]


def test_a_draft_carries_no_version_of_its_own() -> None:
    innovation = InnovationFactory(published=True)
    revision = draft_of(innovation, version=99)
    publish_revision(revision=revision, by=None)

    assert fresh(innovation).version == 2


def test_a_revision_read_long_ago_is_published_over_the_entry_as_it_is_now() -> None:
    innovation = InnovationFactory(published=True)
    revision = draft_of(innovation, summary="Old draft.")
    assert revision.content_object.version == 1
    publish(innovation)
    publish_revision(revision=revision, by=None)

    assert (fresh(innovation).version, fresh(innovation).summary) == (3, "Old draft.")


def test_a_draft_whose_address_another_entry_took_is_not_published() -> None:
    innovation, other = InnovationFactory(slug="ours"), CaseStudyFactory(published=True, slug="theirs", title="Taken")
    with pytest.raises(SlugTaken, match=r"“theirs” belongs to “Taken”\. Choose another"):
        publish_revision(revision=draft_of(innovation, slug=other.slug), by=None)
    assert not fresh(innovation).live


def test_a_draft_that_has_the_address_is_not_named() -> None:
    innovation = InnovationFactory()
    InnovationFactory(slug="theirs", title="Secret plan")
    with pytest.raises(SlugTaken, match="belongs to another entry"):
        publish_revision(revision=draft_of(innovation, slug="theirs"), by=None)


def test_a_published_entry_keeps_its_address() -> None:
    innovation = InnovationFactory(published=True, slug="cited")
    with pytest.raises(AddressChanged, match="keeps its address “cited”"):
        publish_revision(revision=draft_of(innovation, slug="better"), by=None)


def test_a_draft_for_later_is_scheduled_and_counted_when_it_goes_live() -> None:
    innovation, person = InnovationFactory(published=True, summary="Now."), UserFactory()
    tomorrow = timezone.now() + timedelta(days=1)
    revision = draft_of(innovation, summary="Later.", go_live_at=tomorrow)
    publish_revision(revision=revision, by=person, reason="Embargo")

    assert (last_change(innovation).action, last_change(innovation).reason) == ("scheduled", "Embargo")
    assert (fresh(innovation).version, fresh(innovation).summary) == (1, "Now.")

    due = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=revision.pk).update(
        approved_go_live_at=due, content=revision.content | {"go_live_at": due.isoformat()}
    )
    call_command("publish_scheduled")

    change = last_change(innovation)
    assert (change.action, change.version, change.by) == ("published", 2, None)
    assert change.sentences == ["Summary changed from “Now.” to “Later.”."]


@KINDS
def test_withdrawing_is_written_down_with_its_reason(factory: type) -> None:
    entry, person = factory(published=True), UserFactory()
    withdraw_entry(entry=entry, by=person, reason="The service closed.")

    assert not entry.live
    assert not Entry.objects.public().exists()
    change = last_change(entry)
    assert (change.action, change.by, change.reason, change.version) == (
        "withdrawn", person, "The service closed.", None,
    )  # fmt: skip


def test_withdrawing_leaves_the_draft_in_memory_unsaved() -> None:
    innovation = InnovationFactory(published=True, summary="As published.")
    innovation.summary = "Not to be saved."
    withdraw_entry(entry=innovation, by=UserFactory(), reason="Closed.")

    assert fresh(innovation).summary == "As published."


def test_what_is_not_public_is_not_withdrawn() -> None:
    with pytest.raises(NotPublic, match="nothing to withdraw"):
        withdraw_entry(entry=InnovationFactory(), by=None, reason="")


def test_an_entry_published_again_goes_on_counting() -> None:
    innovation = InnovationFactory(published=True)
    withdraw_entry(entry=innovation, by=None, reason="Closed.")
    publish(innovation)

    assert [(change.action, change.version) for change in innovation.changes.all()] == [
        ("published", 2),
        ("withdrawn", None),
        ("published", 1),
    ]


def test_readers_are_told_of_publications_and_withdrawals_alone() -> None:
    innovation = InnovationFactory(published=True)
    for action in EntryChange.Action.values:
        if action != "published":
            record_change(entry=innovation, action=action)

    assert {change.action for change in EntryChange.objects.public()} == {"published", "withdrawn"}


def test_a_name_stays_for_editors_when_its_account_is_gone_and_readers_never_see_it() -> None:
    network = NetworkFactory(name="Wessex network")
    person = UserFactory(username="ada")
    innovation = InnovationFactory(published=True, owner_network=network)
    change = record_change(entry=innovation, action="submitted", by=person, reason="Ready")
    User.objects.get(pk=person.pk).delete()

    change = EntryChange.objects.get(pk=change.pk)
    assert (change.by, change.by_name, change.public_author) == (None, "ada", "Wessex network")
    assert EntryChange(origin="screen").public_author == "the portal’s editors"


def test_a_row_of_the_trail_is_never_changed_or_deleted() -> None:
    innovation = InnovationFactory(published=True)
    change = EntryChange.objects.get()
    change.reason = "Another"
    for attempt in (
        change.save,
        change.delete,
        change.kept.save,
        change.kept.delete,
        EntryChange.objects.all().delete,
        innovation.changes.all().delete,
        PublishedVersion.objects.all().delete,
        lambda: EntryChange.objects.update(reason="Another"),
        lambda: EntryChange.objects.bulk_update([change], ["reason"]),
    ):
        with pytest.raises(AppendOnly, match="never"):
            attempt()
    assert EntryChange.objects.get().reason == ""


def test_the_trail_goes_only_with_its_entry() -> None:
    innovation = InnovationFactory(published=True)
    add_figure(innovation)
    fresh(innovation).delete()

    assert not EntryChange.objects.exists()
    assert not PublishedVersion.objects.exists()


def test_a_version_is_published_once_and_only_publications_have_one() -> None:
    innovation = InnovationFactory(published=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        record_change(entry=innovation, action="published", version=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        record_change(entry=innovation, action="edited", version=2)


def test_nothing_is_kept_of_a_publication_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    innovation = InnovationFactory(published=True)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(PublishedVersion, "save", fail)
    with pytest.raises(RuntimeError):
        publish_revision(revision=draft_of(innovation, summary="Lost."), by=None)
    assert fresh(innovation).summary != "Lost."
    assert (fresh(innovation).version, EntryChange.objects.count()) == (1, 1)


def test_purging_revisions_keeps_every_version() -> None:
    innovation = InnovationFactory(published=True)
    publish(innovation)
    call_command("purge_revisions", non_pages=True, verbosity=0)

    assert Innovation.objects.get().revisions.count() == 1
    assert PublishedVersion.objects.count() == 2


def test_what_was_published_before_the_trail_was_kept_has_its_version() -> None:
    innovation = InnovationFactory(published=True, title="The app", owner_network=NetworkFactory(name="Wessex network"))
    add_figure(innovation)
    InnovationFactory()
    for model in (PublishedVersion, EntryChange):
        rows = model.objects.all()
        rows._raw_delete(rows.db)

    import_module("portal.catalogue.migrations.0004_trail_begins").begin(apps, None)

    change = EntryChange.objects.get()
    assert (change.version, change.title, change.network) == (2, "The app", "Wessex network")
    assert change.sentences == ["Published before the trail of changes was kept."]
    publish(innovation)
    assert last_change(innovation).sentences == ["Published again. Nothing differs."]

"""A draft's way: submitted, approved, published, sent back, put aside, withdrawn; and who takes which step."""

from typing import Any

import pytest
from wagtail.models import ReferenceIndex

from portal.accounts.models import User
from portal.catalogue.models import Entry
from portal.editing import services
from portal.editing.readiness import NotReady
from portal.editing.workflow import make_workflow, progress_of, sent_back_because, status_of
from tests.editing.conftest import SECRET, Networks, change_draft

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def again(entry: Entry) -> Any:
    return type(entry)._default_manager.get(pk=entry.pk)


def approve(entry: Entry, by: User, reason: str = "") -> Any:
    services.approve(entry=entry, by=by, revision=entry.latest_revision_id, reason=reason)
    return again(entry)


def test_a_draft_is_read_by_its_network_then_published(
    entry: Entry, editor: User, reviewer: User, publisher: User
) -> None:
    services.submit(entry=entry, by=editor, reason="Counted again.")
    assert status_of(again(entry)) == "Submitted"
    entry = approve(again(entry), reviewer)
    assert status_of(entry) == "Approved, waits for a publisher"
    assert SECRET not in entry.summary
    entry = approve(entry, publisher, reason="The evaluation is out.")
    assert SECRET in entry.summary
    assert status_of(entry) == "Published"


def test_what_readers_see_and_add_up_stays_until_it_is_published(entry: Entry, editor: User) -> None:
    change_draft(entry, by=editor, figure=38500)
    assert again(entry).figures.get().value == 41000
    assert services.draft_of(again(entry)).figures.get().value == 38500


def test_nobody_approves_what_they_submitted(entry: Entry, reviewer: User, publisher: User) -> None:
    change_draft(entry, by=reviewer, summary="By the reviewer.")
    entry = again(entry)
    services.submit(entry=entry, by=reviewer, reason="Counted again.")
    with pytest.raises(services.NotAllowed, match="You submitted this draft"):
        approve(again(entry), reviewer)
    assert status_of(again(entry)) == "Submitted"


def test_nobody_approves_what_they_changed_while_it_waited(entry: Entry, editor: User, reviewer: User) -> None:
    services.submit(entry=entry, by=editor, reason="Counted again.")
    change_draft(again(entry), by=reviewer, figure=1_000_000)
    with pytest.raises(services.NotAllowed, match="You changed this draft last"):
        approve(again(entry), reviewer)


def test_the_network_reviews_before_anyone_publishes(entry: Entry, editor: User, reviewer: User) -> None:
    services.submit(entry=entry, by=editor, reason="Counted again.")
    approve(again(entry), reviewer)
    with pytest.raises(services.NotAllowed, match="Your role does not decide"):
        approve(again(entry), reviewer)


@pytest.mark.parametrize("role", ["contributor", "editor"])
def test_who_drafts_does_not_approve(entry: Entry, editor: User, networks: Networks, role: str) -> None:
    services.submit(entry=entry, by=editor, reason="Counted again.")
    with pytest.raises(services.NotAllowed, match="Your role"):
        approve(again(entry), networks.person(role))


def test_another_networks_reviewer_does_not_decide(entry: Entry, editor: User, networks: Networks) -> None:
    services.submit(entry=entry, by=editor, reason="Counted again.")
    with pytest.raises(services.NotAllowed, match="Your role"):
        approve(again(entry), networks.person("reviewer", network=networks.other))


def test_a_contributor_does_not_change_what_is_published(entry: Entry, networks: Networks) -> None:
    with pytest.raises(services.NotAllowed, match="does not change"):
        services.submit(entry=entry, by=networks.person("contributor"))


def test_what_is_sent_back_says_why_and_comes_again(
    entry: Entry, editor: User, reviewer: User, publisher: User
) -> None:
    services.submit(entry=entry, by=editor, reason="Counted again.")
    services.send_back(entry=again(entry), by=reviewer, reason="Name the period.")
    assert (status_of(again(entry)), sent_back_because(progress_of(again(entry)))) == ("Sent back", "Name the period.")
    change_draft(again(entry), by=editor, figure=38500)
    services.submit(entry=again(entry), by=editor)
    assert status_of(again(entry)) == "Submitted"
    for person in (reviewer, publisher):
        approve(again(entry), person)
    assert again(entry).figures.get().value == 38500, "What was handed in again is published, not the first draft."


def test_wagtail_keeps_no_index_of_references(entry: Entry) -> None:
    """Keeping one makes each save seven times as long, and nothing here asks it."""
    assert not ReferenceIndex.objects.exists()


def test_no_step_sends_mail_while_somebody_waits_for_the_page(
    entry: Entry, editor: User, reviewer: User, publisher: User, mailoutbox: list[Any]
) -> None:
    """Wagtail would, to whoever has an address; the weekly digest tells of it instead."""
    User.objects.update(email="someone@example.org")
    services.submit(entry=entry, by=editor, reason="Counted again.")
    services.send_back(entry=again(entry), by=reviewer, reason="Name the period.")
    services.submit(entry=again(entry), by=editor, reason="Counted again.")
    approve(again(entry), reviewer)
    approve(again(entry), publisher)
    assert status_of(again(entry)) == "Published"
    assert mailoutbox == []


def test_whoever_submitted_it_takes_it_back_and_nobody_else(entry: Entry, editor: User, reviewer: User) -> None:
    with pytest.raises(services.NotAllowed, match="waits for nobody"):
        services.take_back(entry=entry, by=editor)
    services.submit(entry=entry, by=editor, reason="Counted again.")
    with pytest.raises(services.NotAllowed, match="send it back"):
        services.take_back(entry=again(entry), by=reviewer)
    services.take_back(entry=again(entry), by=editor)
    assert status_of(again(entry)) == "Published, with a draft"
    services.submit(entry=again(entry), by=editor)
    assert status_of(again(entry)) == "Submitted"


def test_sending_back_needs_a_reason(entry: Entry, editor: User, reviewer: User) -> None:
    services.submit(entry=entry, by=editor, reason="Counted again.")
    with pytest.raises(services.NotAllowed, match="Say what should change"):
        services.send_back(entry=again(entry), by=reviewer, reason="  ")


def test_a_draft_that_changed_while_it_was_read_is_not_approved(entry: Entry, editor: User, reviewer: User) -> None:
    services.submit(entry=entry, by=editor, reason="Counted again.")
    read = again(entry)
    change_draft(read, by=editor, summary="Changed meanwhile.")
    with pytest.raises(services.NotAllowed, match="changed while you read it"):
        services.approve(entry=again(entry), by=reviewer, revision=read.latest_revision_id)


def test_an_incomplete_draft_is_not_submitted(entry: Entry, editor: User) -> None:
    change_draft(entry, by=editor, where_it_may_not_work="", themes=[])
    with pytest.raises(NotReady) as problem:
        services.submit(entry=again(entry), by=editor, reason="Counted again.")
    assert [str(missing) for missing in problem.value.missing] == [
        "Where it belongs: choose at least one theme.",
        "What it needs, and reviews: say where it may not work.",
    ]


def test_an_incomplete_draft_is_not_published_either(
    entry: Entry, editor: User, reviewer: User, publisher: User
) -> None:
    services.submit(entry=entry, by=editor, reason="Counted again.")
    entry = approve(again(entry), reviewer)
    change_draft(entry, by=editor, where_it_may_not_work="")
    with pytest.raises(NotReady, match="where it may not work"):
        approve(again(entry), publisher)
    assert SECRET not in again(entry).summary


def test_a_figure_says_its_place_or_that_it_is_not_stated(entry: Entry, editor: User) -> None:
    draft = services.draft_of(entry)
    row = draft.figures.all()[0]
    row.place_not_stated = False
    draft.figures = [row]
    draft.save_revision(user=editor, clean=False)
    with pytest.raises(NotReady, match="Place: choose one, or tick “place not stated”"):
        services.submit(entry=again(entry), by=editor, reason="Counted again.")


def test_a_draft_put_aside_begins_again_from_what_readers_see(entry: Entry, editor: User) -> None:
    services.discard_draft(entry=entry, by=editor)
    entry = again(entry)
    assert SECRET not in services.draft_of(entry).summary
    assert not entry.has_unpublished_changes
    assert any(SECRET in revision.content["summary"] for revision in entry.revisions.all())


def test_only_a_publisher_withdraws_and_says_why(entry: Entry, reviewer: User, publisher: User) -> None:
    with pytest.raises(services.NotAllowed, match="Only a publisher"):
        services.withdraw(entry=entry, by=reviewer, reason="Out of date.")
    with pytest.raises(services.NotAllowed, match="Say why"):
        services.withdraw(entry=entry, by=publisher, reason="")
    services.withdraw(entry=entry, by=publisher, reason="Out of date.")
    assert status_of(again(entry)) == "Withdrawn"


def test_a_draft_carries_no_owner_of_its_own(entry: Entry, networks: Networks, editor: User) -> None:
    draft = services.draft_of(entry)
    draft.owner_network = networks.other
    draft.save_revision(user=editor, clean=False)
    assert services.draft_of(again(entry)).owner_network == networks.own


def test_there_is_one_workflow_however_often_it_is_made() -> None:
    assert make_workflow() == make_workflow()
    assert [task.name for task in make_workflow().tasks] == ["Network's review", "Publication"]

"""One e-mail a week to each person with a role: what waits for them, what is due, what their entries add up to."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.accounts.models import NetworkRole, User
from portal.accounts.permissions import Action, networks_where, roles_of, within_reach
from portal.accounts.regular_mail import RegularMail, chosen_on_account
from portal.benefits.headlines import ask_about_england, headline_totals
from portal.benefits.ledgers import Total
from portal.catalogue.models import Entry
from portal.editing.boards import DUE_WITHIN, Board, board_of

SENT_FROM = time(8)
"""On Mondays, in the portal's own time zone (Europe/London)."""
MAIL = RegularMail(
    name="your-week",
    title="Your weekly e-mail",
    says="It tells you once a week what waits for you and which reviews are due.",
    stopped="What waits for you still stands on your start page; you can have e-mails again from your account.",
    **chosen_on_account("wants_digest"),
)
MOST = 20
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Digest:
    """What one person is told: what waits, the reviews they answer for, and what their networks' entries add up to.

    `still_overdue` are those that others were told of a week ago.
    """

    board: Board
    overdue: list[Entry]
    still_overdue: list[Entry]
    due_this_week: list[Entry]
    due: list[Entry]
    totals: list[Total]

    @property
    def says_something(self) -> bool:
        decides = self.board.waiting or self.board.sent_back or self.board.replies
        return bool(decides or self.overdue or self.still_overdue or self.due_this_week or self.due)


def send_due(*, now: datetime) -> int:
    """Queue the digests of this week that were not yet; return how many. Nobody gets two."""
    monday = week_of(now)
    if monday is None:
        return 0
    people = User.objects.filter(is_active=True, wants_digest=True, network_roles__isnull=False).exclude(email="")
    not_yet = people.filter(Q(digest_week__isnull=True) | Q(digest_week__lt=monday)).distinct()
    return sum(_send(person, monday) for person in not_yet)


def week_of(now: datetime) -> date | None:
    """Return the Monday whose digests are due; None before eight on a Monday, when the last week is over."""
    here = timezone.localtime(now)
    monday = here.date() - timedelta(days=here.weekday())
    begins = timezone.make_aware(datetime.combine(monday, SENT_FROM))
    return monday if now >= begins else None


def _send(person: User, monday: date) -> bool:
    """Queue one digest if there is something to say. Whoever marks the week first queues it."""
    unsent = Q(digest_week__isnull=True) | Q(digest_week__lt=monday)
    with transaction.atomic():
        if not User.objects.filter(unsent, pk=person.pk).update(digest_week=monday):
            return False
        digest = digest_of(person)
        if digest.says_something:
            MAIL.queue(person, subject="your week", template="editing/digest.txt", context={"digest": digest})
    return digest.says_something


def digest_of(person: User) -> Digest:
    """Gather what one person is told: drafts of their own networks only."""
    reach = within_reach(Entry.objects.public().select_related("owner_network"), person, [Action.CHANGE_PUBLISHED])
    today = timezone.localdate()
    first, then = _who_is_told(person)
    mine = reach.filter(first).order_by("next_review_on", "title")
    late = reach.filter(then).order_by("next_review_on", "title")
    return Digest(
        board=board_of(person),
        overdue=list(mine.filter(next_review_on__lt=today)[:MOST]),
        still_overdue=list(late.filter(next_review_on__lt=today - WEEK)[:MOST]),
        due_this_week=list(mine.filter(next_review_on__gte=today, next_review_on__lt=today + WEEK)[:MOST]),
        due=list(mine.filter(next_review_on__gte=today + WEEK, next_review_on__lte=today + DUE_WITHIN)[:MOST]),
        totals=totals_of_networks(person, reach),
    )


def _who_is_told(person: User) -> tuple[Q, Q]:
    """Return of which entries' reviews a person is told first, and of which a week after others were.

    The network's editors are told first, then its reviewers; where it has no editors its reviewers,
    and where nobody keeps an entry those who act for all networks.
    """
    roles = roles_of(person)
    edits, reviews = (
        Q(owner_network__in=[network for network, own in roles.items() if own == role])
        for role in (NetworkRole.Role.EDITOR, NetworkRole.Role.REVIEWER)
    )
    has_editor, has_reviewer = (
        Q(Exists(NetworkRole.objects.filter(network=OuterRef("owner_network"), role=role, user__is_active=True)))
        for role in (NetworkRole.Role.EDITOR, NetworkRole.Role.REVIEWER)
    )
    first = edits | (reviews & ~has_editor)
    if None in roles:
        first |= ~has_editor & ~has_reviewer
    return first, reviews & has_editor


def totals_of_networks(person: Any, entries: QuerySet[Any, Any]) -> list[Total]:
    """Return what the person's own networks' entries add up to; nothing for those who act for all."""
    if None in networks_where(person, [Action.VIEW]):
        return []
    asked = ask_about_england(entries=frozenset(entries.values_list("pk", flat=True)))
    return headline_totals(asked) if asked and asked.entries else []

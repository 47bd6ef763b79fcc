"""Searches that people keep, and the e-mail that says what they find anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from portal.accounts.models import SavedSearch, User
from portal.accounts.regular_mail import DAY, WEEK, RegularMail, last_due
from portal.catalogue.lists import filters_of
from portal.catalogue.models import Entry, EntryChange

MOST_SEARCHES = 50
MOST_TOLD = 20
"""Of one search in one mail; the list itself has the rest."""
PERIOD = {SavedSearch.Digest.DAILY: DAY, SavedSearch.Digest.WEEKLY: WEEK}


class SearchRefused(Exception):
    """A search can't be kept; the text says why, fit to show."""


@dataclass(frozen=True)
class News:
    """What one search finds that was published since the last mail; `more` are those left out."""

    search: SavedSearch
    new: list[Entry]
    changed: list[Entry]
    more: int


def query_to_keep(path: str, query_string: str) -> str:
    """Return a list's question in its shortest form: without page, comparison and what it can't answer."""
    filters = filters_of(path)
    if filters is None:
        raise SearchRefused("Searches of this page can’t be kept. Go to the list, search there, and keep that.")
    query = filters(QueryDict(query_string)).question.query.copy()
    for name in ("page", "compare"):
        query.pop(name, None)
    return query.urlencode()


def keep_search(*, person: User, path: str, query_string: str, name: str, digest: str) -> SavedSearch:
    query = query_to_keep(path, query_string)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        if person.saved_searches.count() >= MOST_SEARCHES:
            raise SearchRefused(f"You keep {MOST_SEARCHES} searches already. Delete one first.")
        if person.saved_searches.filter(name=name).exists():
            raise SearchRefused(f"You already keep a search named “{name}”. Choose another name.")
        return SavedSearch.objects.create(user=person, path=path, query_string=query, name=name, digest=digest)


def change_search(*, search: SavedSearch, name: str, digest: str) -> None:
    """Rename a search, and choose how often its mail comes; the first tells what is new from then on."""
    others = SavedSearch.objects.filter(user=search.user_id, name=name).exclude(pk=search.pk)
    if others.exists():
        raise SearchRefused(f"You already keep a search named “{name}”. Choose another name.")
    if search.digest == SavedSearch.Digest.NEVER and digest != SavedSearch.Digest.NEVER:
        search.told_until = timezone.now()
    search.name, search.digest = name, digest
    search.save(update_fields=["name", "digest", "told_until"])


# --- the mail -----------------------------------------------------------------------------------


def send_due(*, now: datetime) -> int:
    """Queue the mails that are due, one a person; return how many. Nobody is told anything twice."""
    due = Q()
    for digest, period in PERIOD.items():
        due |= Q(digest=digest, told_until__lt=last_due(now, period))
    searches = SavedSearch.objects.filter(due, user__is_active=True).exclude(user__email="")
    people = User.objects.filter(pk__in=searches.values("user")).order_by("pk")
    return sum(_tell(person, list(searches.filter(user=person)), now) for person in people)


def _tell(person: User, searches: list[SavedSearch], now: datetime) -> bool:
    """Queue one person's mail. Rows and mail are written together: whoever marks a search first tells of it."""
    with transaction.atomic():
        mine = [search for search in searches if _mark(search, now)]
        told = (news_of(search, since=search.told_until) for search in mine)
        news = [found for found in told if found.new or found.changed]
        if not news:
            return False
        MAIL.queue(person, subject="new in your searches", template="accounts/search_mail.txt", context={"news": news})
    return True


def _mark(search: SavedSearch, now: datetime) -> bool:
    return bool(SavedSearch.objects.filter(pk=search.pk, told_until=search.told_until).update(told_until=now))


def news_of(search: SavedSearch, *, since: datetime) -> News:
    """Return what was published since then and is found by the search now."""
    filters = filters_of(search.path)
    if filters is None:
        return News(search, [], [], 0)
    published = EntryChange.objects.public().filter(action=EntryChange.Action.PUBLISHED, at__gt=since)
    moved = published.order_by("entry").values_list("entry", flat=True).distinct()
    found = filters(QueryDict(search.query_string)).answer.found
    pks = [pk for pk in moved if pk in found]
    entries = Entry.objects.public().filter(pk__in=pks).order_by("title")
    new, changed = _parted(entries, since)
    more = max(0, len(new) - MOST_TOLD) + max(0, len(changed) - MOST_TOLD)
    return News(search, new[:MOST_TOLD], changed[:MOST_TOLD], more)


def _parted(entries: Iterable[Entry], since: datetime) -> tuple[list[Entry], list[Entry]]:
    new: list[Entry] = []
    changed: list[Entry] = []
    for entry in entries:
        is_new = entry.first_published_at is not None and entry.first_published_at > since
        (new if is_new else changed).append(entry)
    return new, changed


MAIL = RegularMail(
    name="searches",
    title="E-mails about your searches",
    says="They say what is new or changed in the searches you keep.",
    stopped="Your searches are still kept; you can have e-mails again from your account.",
    comes=lambda person: person.saved_searches.exclude(digest=SavedSearch.Digest.NEVER).exists(),
    stop=lambda person: person.saved_searches.update(digest=SavedSearch.Digest.NEVER),
)

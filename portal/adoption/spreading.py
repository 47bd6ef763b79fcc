"""What is spreading, entry by entry: no league table, so by title."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict
from django.utils import timezone

from portal.adoption.calculations import Coverage
from portal.adoption.choices import choose_kind, choose_place
from portal.adoption.kept import Kept
from portal.adoption.questions import Asked, read_question
from portal.adoption.reading import Adoption, Group, Kind, Reading
from portal.adoption.telling import stops_of
from portal.catalogue.models import Entry
from portal.core.paging import ListPage, list_page
from portal.core.selects import Select

PER_PAGE = 50


@dataclass(frozen=True)
class Spreading:
    """One entry on the page of what is spreading."""

    entry: Entry
    group: Group
    coverage: Coverage
    stops: str
    a_year_ago: Coverage
    claims: int

    @property
    def told(self) -> str:
        return self.group.told(self.coverage)

    @property
    def moved(self) -> str:
        """Say how the number known to be live has moved within a year; nothing when it has not."""
        change = self.coverage.live - self.a_year_ago.live
        return (
            f"{abs(change)} {'more' if change > 0 else 'fewer'} known to be live than a year before" if change else ""
        )


@dataclass(frozen=True)
class SpreadingPage:
    """One page of the entries of which something is known.

    First those of which an organisation was named, then those known only from claims about groups. A claim is
    of no kind, place or day that could be asked for: so the latter are `left_out` of such a question.
    """

    asked: Asked
    reading: Reading
    list: ListPage
    rows: Sequence[Spreading]
    only_claims: Sequence[tuple[Entry, int]]
    left_out: int
    selects: Sequence[Select]


def spreading_page(query: QueryDict, kept: Kept) -> SpreadingPage:
    """Gather what is spreading: by title, because it is no league table. `kept` is with its stories."""
    stories, claims = kept.stories or {}, kept.claims
    reading = Reading(timezone.localdate(), kept.organisations, stories)
    asked = replace(read_question(query, reading.organisations), stage="")
    reading = reading.on(asked.day)
    before = reading.on(_a_year_before(asked.day))
    by_title = list(Entry.objects.public().order_by("title", "pk").values_list("pk", flat=True))
    reported = [pk for pk in by_title if pk in stories and _was_heard(reading.of(pk), asked)]
    only_claims = [pk for pk in by_title if pk in claims and pk not in stories]
    left_out = len(only_claims) if asked.parameters() else 0
    page = list_page(reported if left_out else [*reported, *only_claims], query, per_page=PER_PAGE)
    entries = Entry.objects.public().to_link_to().in_bulk(page.rows)
    shown = [entries[pk] for pk in page.rows if pk in entries]
    return SpreadingPage(
        asked=asked,
        reading=reading,
        list=page,
        rows=[_spreading(one, reading, before, asked, claims.get(one.pk, 0)) for one in shown if one.pk in stories],
        only_claims=[(one, claims[one.pk]) for one in shown if one.pk not in stories],
        left_out=left_out,
        selects=[choose_kind(asked), choose_place(asked, reading, [Kind.REGION])],
    )


def _was_heard(adoption: Adoption, asked: Asked) -> bool:
    return adoption.was_heard(asked.group or adoption.main_group, asked.place.pk if asked.place else None)


def _spreading(entry: Entry, reading: Reading, before: Reading, asked: Asked, claims: int) -> Spreading:
    adoption, place = reading.of(entry.pk), asked.place.pk if asked.place else None
    group = asked.group or adoption.main_group
    return Spreading(
        entry=entry,
        group=group,
        coverage=adoption.coverage(group, place),
        stops=stops_of(adoption, group, place),
        a_year_ago=before.of(entry.pk).coverage(group, place),
        claims=claims,
    )


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)

"""What readers looked for and did not find, for editors. Nothing tells who looked.

Kept are the words in small letters, the month and a count; never an address, a number that may be
somebody's, or a time. Shown are words that were looked for at least twice.
"""

import logging
import re
from datetime import date

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from portal.catalogue.finding.terms import Term
from portal.catalogue.models import MissedSearch

log = logging.getLogger(__name__)
MOST_A_MONTH = 2_000
MOST_CHARACTERS, MOST_WORDS = 80, 6
SHOWN_FROM = 2
_DIGITS = re.compile(r"\d{4,}")


def record_missed(typed: str, terms: list[Term]) -> None:
    """Count words that found nothing. Fails in silence: a reader's page doesn't wait for it."""
    words = _fit_to_keep(typed, terms)
    if not words:
        return
    try:
        with transaction.atomic():
            _count(words)
    except DatabaseError:
        log.warning("A search that found nothing could not be counted.")


def _fit_to_keep(typed: str, terms: list[Term]) -> str:
    """Return the words as they are kept, or empty text where they may say who somebody is, or were not typed by one."""
    words = " ".join(word for term in terms for word in term.words)
    could_be_somebody = "@" in typed or _DIGITS.search(re.sub(r"[\s().+-]", "", typed))
    too_long = len(words) > MOST_CHARACTERS or len(words.split()) > MOST_WORDS
    return "" if could_be_somebody or too_long else words


def _count(words: str) -> None:
    month = timezone.localdate().replace(day=1)
    if MissedSearch.objects.filter(words=words, month=month).update(times=F("times") + 1):
        return
    MissedSearch.objects.filter(month__lt=_oldest_kept(month)).delete()
    if MissedSearch.objects.filter(month=month).count() < MOST_A_MONTH:
        MissedSearch.objects.update_or_create(
            words=words, month=month, defaults={"times": F("times") + 1}, create_defaults={"times": 1}
        )


def _oldest_kept(month: date) -> date:
    """Return the first of the month from which on words are kept."""
    months = month.year * 12 + month.month - 1 - settings.MISSED_SEARCHES_KEEP_MONTHS
    return date(months // 12, months % 12 + 1, 1)


def missed_searches() -> QuerySet[MissedSearch]:
    """Return what was missed and how often, newest month and most wanted first."""
    return MissedSearch.objects.filter(times__gte=SHOWN_FROM)

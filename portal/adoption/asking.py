"""Asking organisations whether what they use is still in use: who is asked when, by a link that works once."""

import hashlib
import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from portal.adoption.calculations import Event, Standing, months_later
from portal.adoption.contacts import token_of
from portal.adoption.models import AdoptionRecord, ConfirmationLink, Contact, LookedThrough
from portal.adoption.reading import Adoption, Reading, read_adoption
from portal.adoption.telling import Row, rows_of
from portal.catalogue.models import CatalogueVersion, Entry

SALT = "adoption.confirmation"
GOOD_FOR = timedelta(days=30)
"""Expired links say for a while that they are; then they are forgotten."""
ASK_BEFORE = timedelta(days=30)
REMIND_AFTER = timedelta(days=14)
BEGIN_AGAIN_AFTER = timedelta(days=180)
MOST_ASKED = 3
"""One question and two reminders; then there is quiet until we begin again."""
NOT_ASKED_ABOUT = frozenset({"stopped", "not_adopting"})

logger = logging.getLogger("portal.adoption")


class Question(NamedTuple):
    """One entry that an organisation is asked about, with what is recorded."""

    entry: Entry
    row: Row


def questions_for(organisation: int, reading: Reading | None = None) -> list[Question]:
    """Return what an organisation is recorded to use, pilot or explore, by title; predecessors' records too."""
    reading = reading or read_adoption()
    entries = Entry.objects.public().filter(pk__in=reading.stories).order_by("title").with_specific()
    found = []
    for entry in entries:
        adoption = reading.of(entry.pk)
        standing = adoption.standings.of(organisation)
        if standing.event and standing.event.stage not in NOT_ASKED_ABOUT:
            found += [Question(entry, row) for row in rows_of(adoption, [standing])]
    return found


def ask_due(*, now: datetime) -> int:
    """Ask each contact whose organisation's records will soon be, or are, unconfirmed, and who agreed to be asked.

    Return how many were.
    """
    reminded = Q(asked_times__lt=MOST_ASKED, asked_at__lt=now - REMIND_AFTER)
    may_be_asked = Q(asked_at__isnull=True) | reminded | Q(asked_at__lt=now - BEGIN_AGAIN_AFTER)
    agreed = Contact.objects.to_be_asked(timezone.localdate(now))
    contacts = list(agreed.filter(may_be_asked).select_related("organisation"))
    if not contacts:
        return 0
    reading = read_adoption(day=timezone.localdate(now))
    due = {contact.organisation_id for contact in contacts if _is_due(contact.organisation_id, reading)}
    return sum(_ask(contact, now, reading) for contact in contacts if contact.organisation_id in due)


def _is_due(organisation: int, reading: Reading) -> bool:
    standings = (reading.of(entry).standings.of(organisation) for entry in reading.stories)
    return any(_needs_a_word(standing, reading) for standing in standings)


def _needs_a_word(standing: Standing, reading: Reading) -> bool:
    word = standing.event
    if word is None or word.stage in NOT_ASKED_ABOUT:
        return False
    return months_later(word.last, reading.months) <= reading.day + ASK_BEFORE


def _ask(contact: Contact, now: datetime, reading: Reading) -> bool:
    """Send one question. Whoever marks the contact first sends it; if the mail fails, it is tried again later."""
    begins_anew = contact.asked_at is None or contact.asked_times >= MOST_ASKED
    times = 1 if begins_anew else contact.asked_times + 1
    unmarked = Contact.objects.to_be_asked(timezone.localdate(now)).filter(pk=contact.pk, asked_at=contact.asked_at)
    if not unmarked.update(asked_at=now, asked_times=times):
        return False
    token = make_link(contact, now=now)
    address = settings.SITE_URL + reverse("adoption:confirm", args=[token])
    questions = questions_for(contact.organisation_id, reading)
    told = {"organisation": contact.organisation, "questions": questions, "address": address, "is_reminder": times > 1}
    forget = settings.SITE_URL + reverse("adoption:forget", args=[token_of(contact)])
    told |= {"contact": contact, "forget": forget}
    told |= {"until": timezone.localtime(now + GOOD_FOR), "site_name": settings.SITE_NAME, "months": reading.months}
    subject = f"{settings.SITE_NAME}: is this still in use at {contact.organisation.display_name}?"
    stop = {"List-Unsubscribe": f"<{forget}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail = EmailMessage(subject, render_to_string("adoption/ask.txt", told), to=[contact.email], headers=stop)
    try:
        return bool(mail.send())
    except OSError as error:
        Contact.objects.filter(pk=contact.pk).update(asked_at=contact.asked_at, asked_times=contact.asked_times)
        logger.warning("A question to contact %s was not sent: %s", contact.pk, error)
        return False


def make_link(contact: Contact, *, now: datetime) -> str:
    """Return the token of a new link for the contact; only its hash is kept, and earlier links end."""
    token = signing.dumps([contact.pk, secrets.token_urlsafe(16)], salt=SALT)
    with transaction.atomic():
        ConfirmationLink.objects.usable(now).filter(contact=contact).update(expires_at=now)
        ConfirmationLink.objects.create(contact=contact, token_hash=hash_of(token), expires_at=now + GOOD_FOR)
    return token


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(token: str) -> ConfirmationLink | None:
    """Return the link of a token that we signed and still know; None for any other text."""
    try:
        signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return ConfirmationLink.objects.select_related("contact__organisation").filter(token_hash=hash_of(token)).first()


def forget_old_links(*, now: datetime) -> int:
    """Forget links that expired a while ago; return how many."""
    kept = timedelta(days=settings.CONFIRMATION_LINKS_KEEP_DAYS)
    return ConfirmationLink.objects.long_expired(now=now, kept=kept).delete()[0]


def look_for_unconfirmed(*, now: datetime) -> list[AdoptionRecord]:
    """Return the records that have gone unconfirmed since we last looked, once, and have answers made anew.

    Standings are worked out from dates and need no row changed. But answers kept by the
    catalogue's version alone would go on counting such a record: so the version moves.
    """
    today = timezone.localdate(now)
    seen, is_first = LookedThrough.objects.get_or_create(pk=1, defaults={"through": today})
    if is_first or seen.through >= today:
        return []
    if not LookedThrough.objects.filter(pk=1, through=seen.through).update(through=today):
        return []
    reading = read_adoption(day=today)
    gone = [
        event.event
        for adoption in _every(reading)
        for event in _last_words(adoption)
        if event.is_confirmed(seen.through, months=reading.months)
        and not event.is_confirmed(today, months=reading.months)
    ]
    if gone:
        CatalogueVersion.move()
    return list(AdoptionRecord.objects.filter(pk__in=gone).select_related("entry", "organisation"))


def _every(reading: Reading) -> Iterable[Adoption]:
    return (reading.of(entry) for entry in reading.stories)


def _last_words(adoption: Adoption) -> list[Event]:
    words = (adoption.story.word_of(place, adoption.day) for place in adoption.story.spoken_of())
    return [word for word in words if word]

"""What a pack's entries say otherwise by now: for its page, and for the e-mail to whoever asked for it."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from portal.accounts.models import User
from portal.accounts.regular_mail import DAY, RegularMail, chosen_on_account, last_due
from portal.briefings import moves
from portal.briefings.models import BriefingPack, PackHolder
from portal.briefings.options import PackOptions
from portal.briefings.services import freeze
from portal.briefings.snapshot import read_entries
from portal.briefings.visitors import PERSON
from portal.catalogue.models import CatalogueVersion, EntryChange
from portal.core.remembered import remembered

PEOPLE_AT_ONCE = 50
"""One ring tells so many; the next goes on, so that packs don't wait for mails."""
MOST_TOLD = 20
"""Entries of one pack in one mail; its page has the rest."""
MAIL = RegularMail(
    name="packs",
    title="E-mails about your packs",
    says="They say which figures have moved in the briefing packs you asked for.",
    stopped="The pages of your packs still say what has moved; you can have e-mails again from your account.",
    **chosen_on_account("wants_pack_mail"),
)


@dataclass(frozen=True)
class News:
    """What one pack would say otherwise by now; `more` entries are left out."""

    pack: BriefingPack
    entries: list[moves.Row]
    totals: list[moves.Row]
    more: int


def moved_since(pack: BriefingPack) -> moves.Since | None:
    """Return what a pack's entries say otherwise by now; worked out once while nothing public changes."""
    key = ("moved since", pack.pk, CatalogueVersion.mark_now())
    found: moves.Since | None = json.loads(remembered(key, lambda: json.dumps(_moved(pack)).encode()))
    return found


def _moved(pack: BriefingPack) -> moves.Since | None:
    entries = read_entries([row["slug"] for row in pack.data["entries"]])
    now = freeze(entries, PackOptions.from_json(pack.options)) if entries else moves.NO_ENTRIES
    return moves.since(pack, now)


# --- the e-mail -----------------------------------------------------------------------------


def tell_due(*, now: datetime) -> int:
    """Queue the day's mails, one a person; return how many. Nobody is told of a publication twice."""
    keys = _due(now).order_by("key").values_list("key", flat=True).distinct()
    return sum(_tell(key, now) for key in keys[:PEOPLE_AT_ONCE])


def _due(now: datetime) -> QuerySet[PackHolder]:
    """Return who holds a pack of which an entry was published or withdrawn since they were told.

    Of several issues of one pack, only the newest that somebody asked for is theirs to be told of.
    """
    moved = EntryChange.objects.public().filter(
        entry__pack_entries__pack=OuterRef("pack"), at__gt=OuterRef("told_until")
    )
    newer = PackHolder.objects.filter(
        key=OuterRef("key"), pack__series=OuterRef("pack__series"), pack__issue__gt=OuterRef("pack__issue")
    )
    return PackHolder.objects.filter(
        Exists(moved),
        ~Exists(newer),
        key__startswith=PERSON,
        told_until__lt=last_due(now, DAY),
        pack__state=BriefingPack.State.READY,
        pack__expires_at__gt=now,
    )


def _tell(key: str, now: datetime) -> bool:
    """Queue one person's mail. Rows and mail are written together: whoever marks a pack first tells of it.

    Packs of those who want no mail are marked too: later they are told of what happens from then on.
    """
    person = User.objects.filter(pk=key.removeprefix(PERSON)).first()
    with transaction.atomic():
        packs = [held.pack for held in _due(now).filter(key=key).select_related("pack") if _mark(held, now)]
        if person is None or not (person.is_active and person.email and person.wants_pack_mail):
            return False
        news = [found for found in map(_news_of, packs) if found]
        if news:
            MAIL.queue(
                person,
                subject="figures in your packs have moved",
                template="briefings/mail.txt",
                context={"news": news},
            )
    return bool(news)


def _mark(held: PackHolder, now: datetime) -> bool:
    return bool(PackHolder.objects.filter(pk=held.pk, told_until=held.told_until).update(told_until=now))


def _news_of(pack: BriefingPack) -> News | None:
    since = moved_since(pack)
    if since is None:
        return None
    entries = since["entries"]
    return News(pack, entries[:MOST_TOLD], since["totals"], max(0, len(entries) - MOST_TOLD))

"""Mails that come again and again: each says how to end it, and mail programs have a button for that (RFC 8058)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from portal.accounts.mail import queue_mail
from portal.accounts.models import User
from portal.accounts.person_links import PersonLink

SENT_FROM = time(7)
"""In the portal's own time zone (Europe/London)."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class RegularMail:
    """One kind of mail: what its page says of it, whether it comes to somebody, and how it ends."""

    name: str
    title: str
    says: str
    stopped: str
    comes: Callable[[User], bool]
    stop: Callable[[User], Any]

    def address_to_stop(self, person: User) -> str:
        return settings.SITE_URL + reverse("accounts:stop_mail", args=[self.name, self._link.token_of(person)])

    def person_of(self, token: str) -> User | None:
        return self._link.person_of(token)

    def queue(self, person: User, *, subject: str, template: str, context: Mapping[str, Any]) -> None:
        """Queue one of these mails. The template finds `person`, `site` and `stop` beside its own."""
        stop = self.address_to_stop(person)
        queue_mail(
            to=person.email,
            subject=f"{settings.SITE_NAME}: {subject}",
            text=render_to_string(template, {**context, "person": person, "site": settings.SITE_URL, "stop": stop}),
            headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        )

    @property
    def _link(self) -> PersonLink:
        """A link that ends one kind of mail ends no other."""
        return PersonLink(f"accounts.stop-mail.{self.name}")


_mails: dict[str, RegularMail] = {}


def register(mail: RegularMail) -> None:
    """Let links that end this mail be answered."""
    _mails[mail.name] = mail


def mail_named(name: str) -> RegularMail | None:
    return _mails.get(name)


def chosen_on_account(field: str) -> dict[str, Callable[[User], Any]]:
    """Return `comes` and `stop` of a mail that people choose by a field of their account."""
    return {
        "comes": lambda person: bool(getattr(person, field)),
        "stop": lambda person: User.objects.filter(pk=person.pk).update(**{field: False}),
    }


def last_due(now: datetime, period: timedelta) -> datetime:
    """Return the moment at which this day's or week's mail fell due: whoever was told before it is told again."""
    here = timezone.localtime(now)
    day = here.date() - (timedelta(days=here.weekday()) if period == WEEK else timedelta())
    due = timezone.make_aware(datetime.combine(day, SENT_FROM))
    return due if due <= now else due - period

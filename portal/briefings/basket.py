"""The entries a visitor has chosen, kept in the session and, of who has signed in, with the account.

Pages read the session's copy, which costs nothing; a change begins with what the account holds, so that
two devices don't undo each other's. Nothing is written until the visitor changes something: who only
reads has no session.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest

from portal.briefings.for_us import ForUs
from portal.briefings.models import KeptBasket
from portal.briefings.services import check_size


class Basket:
    """Slugs of entries, in the visitor's order."""

    KEY = "basket"
    FOR_US_KEY = "basket_for_us"

    def __init__(self, session: SessionBase, visitor: Any) -> None:
        self._session = session
        self._visitor = visitor

    @property
    def slugs(self) -> list[str]:
        return _texts(self._session.get(self.KEY))

    def add(self, slugs: Iterable[str]) -> None:
        """Put these at the end. Raises TooManyEntries, and adds none, if that would be too many."""
        with self._change():
            self._join(slugs)

    def remove(self, slugs: Iterable[str]) -> None:
        unwanted = set(slugs)
        with self._change():
            self._session[self.KEY] = [slug for slug in self.slugs if slug not in unwanted]
            self._session[self.FOR_US_KEY] = self._numbers

    def move(self, slug: str, steps: int) -> None:
        """Move one entry up (-1) or down (1); at either end it stays."""
        with self._change():
            slugs = self.slugs
            if slug in slugs:
                place = slugs.index(slug)
                slugs.insert(max(0, place + steps), slugs.pop(place))
                self._session[self.KEY] = slugs

    def order(self, slugs: Iterable[str]) -> None:
        """Put the entries in this order; one that isn't named stays behind those that are."""
        with self._change():
            known = self.slugs
            wanted = [slug for slug in dict.fromkeys(slugs) if slug in known]
            self._session[self.KEY] = [*wanted, *(slug for slug in known if slug not in wanted)]

    def clear(self) -> None:
        with self._change():
            self._session.pop(self.KEY, None)
            self._session.pop(self.FOR_US_KEY, None)

    @property
    def for_us(self) -> dict[str, ForUs]:
        """Return the visitor's own number of people, by slug, for each chosen entry that has one."""
        return {slug: ForUs(*numbers) for slug, numbers in self._numbers.items()}

    @property
    def _numbers(self) -> dict[str, Any]:
        kept = self._session.get(self.FOR_US_KEY, {})
        return {slug: kept[slug] for slug in self.slugs if slug in kept}

    def add_for_us(self, slug: str, chosen: ForUs) -> None:
        """Put an entry in with the visitor's own number; a later number takes the place of an earlier one."""
        with self._change():
            self._join([slug])
            self._session[self.FOR_US_KEY] = {**self._numbers, slug: list(chosen)}

    # --- with the account -------------------------------------------------------------------

    def look_up(self) -> None:
        """Take over what the account holds by now: another device may have changed it."""
        kept = KeptBasket.objects.filter(person=self._visitor).first() if self._visitor.is_authenticated else None
        if kept and (kept.slugs, kept.for_us) != (self.slugs, self._numbers):
            self._show(kept)

    def take_along(self) -> None:
        """Whoever signs in has what the account holds and what this browser chose; of too many, the last ones."""
        slugs, numbers = self.slugs, self._numbers
        if not slugs:
            self.look_up()
            return
        with self._change():
            together = list(dict.fromkeys([*self.slugs, *slugs]))
            self._session[self.KEY] = together[-settings.BRIEFINGS_MAX_ENTRIES :]
            self._session[self.FOR_US_KEY] = {**self._numbers, **numbers}

    def _join(self, slugs: Iterable[str]) -> None:
        together = list(dict.fromkeys([*self.slugs, *slugs]))
        check_size(len(together))
        self._session[self.KEY] = together

    @contextmanager
    def _change(self) -> Iterator[None]:
        if not self._visitor.is_authenticated:
            yield
            return
        with transaction.atomic():
            KeptBasket.objects.get_or_create(person=self._visitor)
            kept = KeptBasket.objects.select_for_update().get(person=self._visitor)
            self._show(kept)
            yield
            kept.slugs, kept.for_us = self.slugs, self._numbers
            kept.save()

    def _show(self, kept: KeptBasket) -> None:
        self._session[self.KEY], self._session[self.FOR_US_KEY] = kept.slugs, kept.for_us


def _texts(kept: Any) -> list[str]:
    return [item for item in kept if isinstance(item, str)] if isinstance(kept, list) else []


def basket_of(request: HttpRequest) -> Basket:
    return Basket(request.session, request.user)

"""Entries' pages and the API's answers, made once and stored; what they depend on is in `portal.catalogue.stored`.

A page is stored with slots for what other entries change and what is a visitor's own. The API's answer is
stored without the entries it links to, which are told last.
"""

import json
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from rest_framework.renderers import JSONRenderer

from portal.catalogue.cards import basket_button
from portal.catalogue.entry_page import entry_page
from portal.catalogue.models import Entry, StoredPage
from portal.catalogue.related import Related, Signs, related_by, signs_of
from portal.catalogue.serializers import NamedEntry, with_what_is_told
from portal.catalogue.stored import stored_of, stored_of_these
from portal.core.moulds import Mould, fill, mould_of, slot
from portal.core.panels import panels_for

SLOTS = ("basket_count", "basket", "related", "linked")


@dataclass(frozen=True)
class KindOfEntry:
    """What an app says of its kind of entry: how it is shown and told, and the entries of the other kind it links to.

    `shown` is what its template shows of one fetched for its page; `row` and `whole` are serializers.
    """

    model: type[Entry]
    template: str
    shown: Callable[[Any], dict[str, Any]]
    linked: Callable[[int], QuerySet[Any]]
    linked_title: str
    linked_name: str
    row: Any
    whole: Any

    def context(self, entry: Any) -> dict[str, Any]:
        """Return what its template shows of an entry of this kind."""
        return self.shown(entry) | {"linked_title": self.linked_title}


_kinds: list[KindOfEntry] = []


def store_kind(kind: KindOfEntry) -> None:
    _kinds.append(kind)


# Making


def make_pages(ids: Sequence[int]) -> list[StoredPage]:
    """Make the rows of those of these entries that are public; what is worked out of them is fetched at once."""
    made = []
    for kind in _kinds:
        entries = kind.model.objects.public().for_page().prefetch_related("figures__evidence").filter(pk__in=ids)
        made += [_make(entry, kind) for entry in with_what_is_told(list(entries))]
    return made


def _make(entry: Any, kind: KindOfEntry) -> StoredPage:
    whole = kind.whole(entry)
    whole.fields.pop(kind.linked_name)
    next = entry.get_absolute_url()
    buttons = [basket_button(entry, next, in_basket=one) for one in (False, True)]
    page = {"mould": _mould(entry, kind), "buttons": buttons}
    return StoredPage(
        pk=entry.pk,
        row=as_json(kind.row(entry).data),
        whole=zlib.compress(as_json(whole.data).encode()),
        page=zlib.compress(json.dumps({**page, "signs": signs_of(entry)}).encode()),
    )


def _mould(entry: Any, kind: KindOfEntry) -> Mould:
    request = HttpRequest()
    request.path = entry.get_absolute_url()
    slots = {name: slot(name) for name in SLOTS}
    page = entry_page(entry, uptake=entry.adoption, related=[])
    shown = {"page": page, "panels": panels_for(entry), "slots": slots, "basket_count": slots["basket_count"]}
    return mould_of(render_to_string(kind.template, kind.context(entry) | shown, request))


def as_json(told: Any) -> str:
    return JSONRenderer().render(told).decode()


# Reading


@dataclass(frozen=True)
class Page:
    """A stored page and what belongs into its slots now."""

    slug: str
    mould: Mould
    buttons: list[str]
    related: list[Related]
    linked: list[Entry]
    linked_title: str

    def html(self, *, basket_count: int, basket_slugs: Collection[str]) -> SafeString:
        linked = {"title": self.linked_title, "entries": self.linked}
        bits = {
            "basket_count": str(basket_count),
            "basket": self.buttons[self.slug in basket_slugs],
            "related": render_to_string("components/related.html", {"related": self.related}) if self.related else "",
            "linked": render_to_string("components/linked.html", linked) if self.linked else "",
        }
        return fill(self.mould, bits)


def answer_with_page(request: HttpRequest, kind: KindOfEntry, slug: str) -> HttpResponse | None:
    """Answer with a stored page; None when it must be made: none is up to date, or a message waits to be shown."""
    kept = _stored("page", kind, slug) if getattr(request, "etag", "") else None
    if kept is None:
        return None
    pk, told = kept[0], json.loads(zlib.decompress(kept[1]))
    page = Page(
        slug=slug,
        mould=told["mould"],
        buttons=told["buttons"],
        related=related_by(Signs(*told["signs"])),
        linked=list(kind.linked(pk)),
        linked_title=kind.linked_title,
    )
    return render(request, "catalogue/stored.html", {"page": page})


def stored_answer(model: type[Entry], slug: str) -> str | None:
    """Return what the API says of an entry, as JSON; None when none is stored that is up to date."""
    kind = next(one for one in _kinds if one.model is model)
    kept = _stored("whole", kind, slug)
    if kept is None:
        return None
    told, linked = zlib.decompress(kept[1]).decode(), NamedEntry(kind.linked(kept[0]), many=True).data
    return f'{told[:-1]},"{kind.linked_name}":{as_json(linked)}}}'


def stored_rows(ids: Sequence[int]) -> dict[int, str]:
    """Return what the API's lists say of those of these entries of which it is stored, as JSON; one query."""
    return stored_of_these(StoredPage, "row", ids)


def _stored(column: str, kind: KindOfEntry, slug: str) -> tuple[int, bytes] | None:
    rows = stored_of(StoredPage, column, "entry.slug = %s AND entry.kind = %s", [slug, kind.model.kind_of_entry])
    return rows[0] if rows else None

"""Matched words in their place: an entry's title, and the passage in which they stand."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.catalogue.finding.documents import PART
from portal.catalogue.finding.engines import END, START, engine
from portal.catalogue.finding.terms import Clause
from portal.catalogue.models import SearchText

BEFORE, AFTER = 80, 200
SUMMARY = "Summary"
_MARKED = re.compile(f"{START}([^{START}{END}]*){END}")


@dataclass(frozen=True)
class Passage:
    """A title with its matched words marked, and the first passage that holds some; empty when only the title does."""

    title: SafeString
    label: str
    text: SafeString


def passages_for(clauses: tuple[Clause, ...], ids: Iterable[int]) -> dict[int, Passage]:
    """Return what to show of each entry of a page; two queries."""
    ids = list(ids)
    if not (clauses and ids):
        return {}
    labels = dict(SearchText.objects.filter(pk__in=ids).values_list("pk", "labels"))
    marked = engine().marked(clauses, ids)
    return {pk: _passage(texts, labels.get(pk, {})) for pk, texts in marked.items()}


def _passage(texts: dict[str, str], labels: dict[str, list[str]]) -> Passage:
    label, text = next(_with_matches(texts, labels), ("", ""))
    return Passage(title=_html(texts["title"]), label=label, text=_html(_cut(text)))


def _with_matches(texts: dict[str, str], labels: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    parts = [(SUMMARY, texts["summary"])]
    for column in ("names", "facts", "body"):
        parts += zip(labels.get(column, []), texts[column].split(PART), strict=False)
    return ((label, text) for label, text in parts if START in text)


def _cut(text: str) -> str:
    """Cut a text to what stands around its first match, at the ends of words."""
    at = text.find(START)
    if at < 0:
        return ""
    first = 0 if at <= BEFORE else text.find(" ", at - BEFORE, at) + 1 or at
    end = text.find(END, at) + AFTER
    last = len(text) if end >= len(text) else max(text.rfind(" ", 0, end), text.find(END, at) + 1)
    cut = text[first:last]
    if cut.count(START) > cut.count(END):
        cut = cut[: cut.rfind(START)]
    return ("… " if first else "") + cut.strip() + (" …" if last < len(text) else "")


def _html(text: str) -> SafeString:
    """Write a marked text as HTML, everything in it escaped."""
    pieces = _MARKED.split(text)
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", piece) if place % 2 else piece.replace(START, "").replace(END, ""),)
            for place, piece in enumerate(pieces)
        ),
    )

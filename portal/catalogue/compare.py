"""Up to four entries side by side: figures by measure, how sure, who uses them, what they cost and need."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from portal.catalogue.cards import Facts, leading_figures
from portal.catalogue.filters import MOST_COMPARED
from portal.catalogue.models import Entry
from portal.catalogue.related import Related, related_to
from portal.catalogue.uptake import NOTHING_REPORTED, Uptake, uptake_of
from portal.evidence.calculations import Rule
from portal.evidence.models import RuleInForce

LOOKED_AT = 20
SAID_OF_EACH = 3
FIGURES_IN_A_CELL = 2
NOT_STATED = "Not stated"
_SLUG = re.compile(r"[-\w]{1,100}", re.ASCII)

TellFact = Callable[[Any], str | None]
NEEDS: list[tuple[str, TellFact]] = [
    ("What it needs from you", lambda entry: entry.what_it_needs),
    ("Where it may not work", lambda entry: entry.where_it_may_not_work),
    ("Before you quote it", lambda entry: entry.caveats or "Nothing noted"),
    ("Care settings", lambda entry: _names(entry.care_settings.all())),
    ("Staff groups", lambda entry: _names(entry.staff_groups.all())),
    ("Places", lambda entry: ", ".join(place.display_name for place in entry.places.all())),
    ("Themes", lambda entry: _names(entry.themes.all())),
]
_facts: list[tuple[str, TellFact]] = []


def add_fact(label: str, tell: TellFact) -> None:
    """Have comparisons say this of an innovation or case study; `tell` returns None of one it makes no sense for."""
    _facts.append((label, tell))


class Compared(Facts):
    """One column. `without` is the address of the comparison without it."""

    def __init__(self, entry: Entry, rule: Rule, uptake: Uptake, *, without: str) -> None:
        super().__init__(entry, rule, uptake)
        self.figures = list(entry.figures.all())
        self.without = without


@dataclass(frozen=True)
class Cell:
    """What one column says in a row; of many figures the first, and how many more its page has."""

    title: str
    text: str = ""
    figures: Sequence[Any] = ()
    more: int = 0


@dataclass(frozen=True)
class Row:
    label: str
    note: str
    cells: list[Cell]


@dataclass(frozen=True)
class Comparison:
    columns: list[Compared]
    ignored: list[str]

    @property
    def slugs(self) -> list[str]:
        return [column.entry.slug for column in self.columns]

    @property
    def room(self) -> int:
        return MOST_COMPARED - len(self.columns)

    @property
    def address(self) -> str:
        return address_of(self.slugs)

    @property
    def choose_more(self) -> str:
        """The query string of a list whose cards add to this comparison."""
        return urlencode([("compare", slug) for slug in self.slugs])

    @cached_property
    def measures(self) -> list[Row]:
        """Benefits by measure: those that most entries have come first."""
        benefits = [leading_figures(column.figures, at_most=len(column.figures)) for column in self.columns]
        counted = Counter(measure for figures in benefits for measure in {figure.measure for figure in figures})
        wanted = sorted(counted, key=lambda measure: (-counted[measure], measure.position, measure.name))
        return [
            Row(
                measure.name,
                measure.get_direction_display(),
                [
                    self._figures(column, [one for one in figures if one.measure == measure], "No figure published")
                    for column, figures in zip(self.columns, benefits, strict=True)
                ],
            )
            for measure in wanted
        ]

    @cached_property
    def costs(self) -> list[Row]:
        """What was put in, in money, and what each kind says of cost and effort."""
        spent = [[one for one in column.figures if _is_spending(one)] for column in self.columns]
        rows = [
            Row(
                "What was spent",
                "",
                [
                    self._figures(column, figures, "No cost figure published")
                    for column, figures in zip(self.columns, spent, strict=True)
                ],
            )
        ]
        of_kind = [(label, [tell(column.entry.specific) for column in self.columns]) for label, tell in _facts]
        return (rows if any(spent) else []) + self._rows(of_kind)

    @property
    def needs(self) -> list[Row]:
        return self._rows((label, [tell(column.entry) for column in self.columns]) for label, tell in NEEDS)

    def _rows(self, told: Iterable[tuple[str, list[str | None]]]) -> list[Row]:
        """Return a row for each label that is told of at least one entry."""
        return [
            Row(label, "", [self._text(column, text) for column, text in zip(self.columns, texts, strict=True)])
            for label, texts in told
            if any(text is not None for text in texts)
        ]

    def _text(self, column: Compared, text: str | None) -> Cell:
        if text is None:
            return Cell(column.entry.title, f"Not asked of {column.entry.specific._meta.verbose_name_plural}")
        return Cell(column.entry.title, text or NOT_STATED)

    def _figures(self, column: Compared, figures: list[Any], none: str) -> Cell:
        shown = figures[:FIGURES_IN_A_CELL]
        return Cell(column.entry.title, "" if figures else none, shown, len(figures) - len(shown))

    def suggestions(self) -> list[Related]:
        """Return what may be added: entries related to the last one, which are not here yet."""
        if not (self.columns and self.room):
            return []
        return [one for one in related_to(self.columns[-1].entry) if one.entry.slug not in self.slugs]


def address_of(slugs: Iterable[str]) -> str:
    """Return the query string of a comparison, with its question mark."""
    return f"?{urlencode([('entry', slug) for slug in slugs])}"


def compare_entries(slugs: Iterable[str]) -> Comparison:
    """Compare the published entries with these slugs, at most four; what is left out is said in `ignored`.

    The number of queries doesn't grow with the entries or what they hold.
    """
    asked = list(dict.fromkeys(slug for slug in slugs if slug.strip()))
    known, ignored = _known(asked, Entry.objects.with_specific().for_page())
    uptake, rule, shown = uptake_of(known), RuleInForce.objects.rule(), [entry.slug for entry in known]
    columns = [
        Compared(
            entry,
            rule,
            uptake.get(entry.pk, NOTHING_REPORTED),
            without=address_of(slug for slug in shown if slug != entry.slug),
        )
        for entry in known
    ]
    return Comparison(columns, ignored)


def entries_to_compare(slugs: Iterable[str]) -> tuple[list[Entry], list[str]]:
    """Return the published entries that a list's address carries along, and what to say of the others; one query."""
    asked = list(dict.fromkeys(slug for slug in slugs if slug.strip()))
    return _known(asked, Entry.objects.all()) if asked else ([], [])


def _known(asked: list[str], entries: Any) -> tuple[list[Entry], list[str]]:
    """Return the entries there are, at most four in the order asked, and what is to say of the others."""
    wanted = [slug for slug in asked[:LOOKED_AT] if _SLUG.fullmatch(slug)]
    rows = {entry.slug: entry for entry in entries.public().filter(slug__in=wanted)}
    found = [rows[slug] for slug in wanted if slug in rows]
    ignored = [f"there is no published entry “{slug[:40]}”" for slug in asked[:LOOKED_AT] if slug not in rows][
        :SAID_OF_EACH
    ]
    if len(asked) > LOOKED_AT:
        ignored.append(f"only the first {LOOKED_AT} entries were looked at")
    if len(found) > MOST_COMPARED:
        left = " and ".join(entry.title for entry in found[MOST_COMPARED:])
        ignored.append(f"{MOST_COMPARED} entries are compared at once, so this one is not shown: {left}")
    return found[:MOST_COMPARED], ignored


def _is_spending(figure: Any) -> bool:
    return figure.role == "input" and figure.measure.unit == "GBP"


def _names(tags: Iterable[Any]) -> str:
    return ", ".join(tag.name for tag in tags)

"""One measure's total by year, by region and by theme: each part a ledger of its own."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.benefits.calculations import Candidate, Question, Setting, work_out_parts
from portal.benefits.ledgers import Reading, Total
from portal.benefits.models import Measure
from portal.benefits.questions import Asked
from portal.catalogue.models import Entry, Theme
from portal.core.formatting import format_financial_year
from portal.organisations.models import Organisation


@dataclass(frozen=True)
class Part:
    """One bar of a chart and row of its table."""

    label: str
    total: Total


@dataclass(frozen=True)
class Breakdowns:
    by_year: list[Part]
    by_region: list[Part]
    by_theme: list[Part]


def breakdowns_of(reading: Reading, asked: Asked) -> Breakdowns:
    """Work out the parts of one measure's total. A figure that spans years or regions is in none of them."""
    (measure,) = reading.measures
    work = _Work(measure, asked, reading.setting, reading.narrowed_to(asked).candidates)
    return Breakdowns(by_year=work.by_year(), by_region=work.by_region(), by_theme=work.by_theme())


@dataclass(frozen=True)
class _Work:
    measure: Measure
    asked: Asked
    setting: Setting
    candidates: list[Candidate]

    def by_year(self) -> list[Part]:
        years = sorted({year for row in self.candidates for year in _year_of(row)})
        asked = {year: self.asked.but(start=date(year, 4, 1), end=date(year + 1, 3, 31)) for year in years}
        inside = {year: one for year, one in asked.items() if _lies_in(one, self.asked)}
        return self._parts(inside, _year_of, format_financial_year)

    def by_region(self) -> list[Part]:
        wanted = self.asked.places.below(self.asked.place.pk)
        regions = {row.pk: row for row in Organisation.objects.regions().filter(pk__in=wanted)}
        asked = {pk: self.asked.but(place=region) for pk, region in regions.items()}

        def region_of(row: Candidate) -> Iterable[int]:
            return [] if row.place is None else [pk for pk in self.asked.places.above(row.place) if pk in regions]

        return self._parts(asked, region_of, lambda pk: regions[pk].display_name)

    def by_theme(self) -> list[Part]:
        themes = {theme.pk: theme for theme in Theme.objects.all()}
        themes_of = _themes_by_entry({row.entry for row in self.candidates})
        asked = {pk: self.asked.but(theme=theme) for pk, theme in themes.items()}
        return self._parts(asked, lambda row: themes_of[row.entry], lambda pk: themes[pk].name)

    def _parts(
        self, asked: Mapping[int, Asked], parts_of: Callable[[Candidate], Iterable[int]], label: Callable[[int], str]
    ) -> list[Part]:
        """Return the parts in which something counts."""
        questions: dict[int, Question] = {part: one.for_ledger() for part, one in asked.items()}
        worked = work_out_parts(self.candidates, questions, parts_of, self.setting)
        totals = {part: Total(self.measure, asked[part], worked[part][self.measure.key]) for part in questions}
        return [Part(label(part), total) for part, total in totals.items() if total.ledger.counted]


def _year_of(row: Candidate) -> list[int]:
    """Return the financial year a figure's whole period lies in, by its first year; none when it spans two."""
    if row.end is None:
        return []
    year = row.end.year if row.end >= date(row.end.year, 4, 1) else row.end.year - 1
    starts = row.end if row.period_kind == "as_at" else row.start
    return [year] if starts and starts >= date(year, 4, 1) else []


def _lies_in(part: Asked, whole: Asked) -> bool:
    starts_in = whole.start is None or (part.start or date.min) >= whole.start
    return starts_in and (whole.end is None or (part.end or date.max) <= whole.end)


def _themes_by_entry(entries: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for entry, theme in Entry.themes.through.objects.values_list("entry_id", "theme_id"):
        if entry in entries:
            found[entry].append(theme)
    return found

"""Questions to the ledger, read from an address: what is asked, or what is wrong with it."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils import timezone

from portal.benefits.calculations import Question
from portal.benefits.models import Basis, BenefitFigure, Measure
from portal.catalogue.models import Entry, PlanStrand, Theme
from portal.catalogue.places import places_on
from portal.core.formatting import format_date, format_days
from portal.organisations.models import Organisation
from portal.organisations.places import Places

EVERYWHERE = "ENG"
FIXES = {
    "measure": "Choose one from /measures/.",
    "period": "Write a financial year (2022/23), a calendar year (2022) or all.",
    "from": "Write a day as 2022-04-01.",
    "to": "Write a day as 2023-03-31, not before “from”.",
    "place": "Give an organisation's code from /organisations/: ENG, a region, an ICB, a trust or a network.",
    "theme": "Give a theme's name from its address in /catalogue/, as in connected-staff-banks.",
    "strand": "Give train, retain or reform.",
    "kind": "Give innovation or case_study.",
    "basis": "Give observed, modelled or not_stated.",
    "achievement": "Give achieved or potential.",
    "price_year": "Give the year a financial year starts in, as 2024.",
    "page": "Give 1, 2, 3 and so on, up to “pages” of the first answer.",
    "as_at": "Write a day as 2026-04-01, not later than today.",
}
FIELDS = [name for name in FIXES if name not in ("measure", "page")]
ADDED_BY_OTHERS = ("utm_", "fbclid", "gclid", "msclkid", "mc_")
"""How the names begin that mail and social media add to an address: they ask nothing."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a question: which field, what, and what would do."""

    field: str
    problem: str
    fix: str


class BadQuestion(ValueError):
    """The question can't be answered; `problems` says why, field by field."""

    def __init__(self, problems: list[Problem], *, status: int = 400) -> None:
        super().__init__("; ".join(f"{item.field}: {item.problem}" for item in problems))
        self.problems = problems
        self.status = status


@dataclass(frozen=True)
class Asked:
    """A question with the rows it names. No address can name its `entries`: the code asks about them."""

    place: Organisation
    places: Places
    start: date | None = None
    end: date | None = None
    basis: str = Basis.OBSERVED
    achievement: str = BenefitFigure.Achievement.ACHIEVED
    price_year: int | None = None
    theme: Theme | None = None
    strand: PlanStrand | None = None
    kind: str = ""
    entries: frozenset[int] | None = None
    moved_from: Organisation | None = None

    @property
    def as_at(self) -> date:
        return self.places.as_at

    @property
    def as_at_text(self) -> str:
        return f"As at {format_date(self.as_at)}"

    @property
    def period_text(self) -> str:
        return format_days(self.start, self.end)

    @property
    def basis_text(self) -> str:
        return str(Basis(self.basis).label)

    @property
    def achievement_text(self) -> str:
        return str(BenefitFigure.Achievement(self.achievement).label)

    @property
    def is_about_some_entries(self) -> bool:
        return bool(self.theme or self.strand or self.kind)

    def for_ledger(self) -> Question:
        return Question(
            place=self.place.pk,
            start=self.start,
            end=self.end,
            basis=self.basis,
            achievement=self.achievement,
            price_year=self.price_year,
        )

    def but(self, **changes: Any) -> "Asked":
        """Return the same question with other rows or values."""
        return replace(self, **changes)

    def parameters(self) -> dict[str, str]:
        """Return what an address must say to ask this; what is as by default is left out."""
        today = self.as_at == timezone.localdate()
        said = {
            **self._period_parameters(),
            "place": "" if self.place.code == EVERYWHERE else self.place.code,
            "theme": self.theme.slug if self.theme else "",
            "strand": self.strand.slug if self.strand else "",
            "kind": self.kind,
            "basis": "" if self.basis == Basis.OBSERVED else self.basis,
            "achievement": "" if self.achievement == BenefitFigure.Achievement.ACHIEVED else self.achievement,
            "price_year": str(self.price_year or ""),
            "as_at": "" if today else self.as_at.isoformat(),
        }
        return {name: value for name, value in said.items() if value}

    def _period_parameters(self) -> dict[str, str]:
        if re.fullmatch(r"\d{4}(/\d{2})?", self.period_text):
            return {"period": self.period_text}
        return {name: day.isoformat() for name, day in (("from", self.start), ("to", self.end)) if day}

    def address(self, **changes: str) -> str:
        """Return the query string that asks this, with some parameters changed; empty text drops one."""
        kept = {name: value for name, value in (self.parameters() | changes).items() if value}
        return f"?{urlencode(kept)}" if kept else ""


def find_additive_measure(key: str) -> Measure:
    """Return a measure that adds up, or raise BadQuestion: unknown, or not to be added up."""
    measure = Measure.objects.public().filter(key=key).first()
    if measure is None:
        raise BadQuestion([Problem("measure", f"There is no measure “{key[:60]}”.", FIXES["measure"])], status=404)
    if not measure.additive:
        problem = f"“{measure.name}” can't be added up: it is a level, a rate, a percentage, a median or a ratio."
        fix = f"See its figures one by one at {measure.get_absolute_url()}, or choose a measure that adds up."
        raise BadQuestion([Problem("measure", problem, fix)])
    return measure


def read_page(query: Mapping[str, str]) -> int:
    """Return the number of the page of rows that is asked for; raise BadQuestion for anything else."""
    text = query.get("page") or "1"
    if not re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII):
        raise BadQuestion([Problem("page", f"“{text[:40]}” is not the number of a page.", FIXES["page"])])
    return int(text)


def ask(*, place: Organisation, as_at: date | None = None, **values: Any) -> Asked:
    """Return a question that the code itself asks; all dates, observed and achieved unless told otherwise."""
    return Asked(place=place, places=places_on(as_at or timezone.localdate()), **values)


def read_question(query: QueryDict) -> Asked:
    """Return what an address asks, or raise BadQuestion with every problem at once.

    A name it doesn't know, or a second value, is one: left unread, it would give the answer to another question.
    """
    form = QuestionForm(query)
    form.full_clean()
    problems = [
        Problem(field, str(message), FIXES[field]) for field, told in form.errors.items() for message in told
    ] + list(_not_understood(query, {*form.fields, "page"}))
    if problems:
        raise BadQuestion(problems)
    return form.asked()


def _not_understood(query: QueryDict, names: Collection[str]) -> Iterator[Problem]:
    for name, values in query.lists():
        if name in names and len({value for value in values if value}) > 1:
            yield Problem(name, "This is given more than once.", f"{FIXES[name]} Only one can be asked for.")
        elif name not in names and not name.startswith(ADDED_BY_OTHERS):
            fix = f"A question is asked with {', '.join(FIELDS[:-1])} and {FIELDS[-1]}."
            yield Problem(name[:40], "This is no part of a question.", fix)


class CodeField(forms.CharField):
    """An organisation by its code, in capitals or not."""

    def clean(self, value: Any) -> Any:
        code = super().clean(value) or EVERYWHERE
        found = Organisation.objects.filter(code__iexact=code).first()
        if found is None:
            raise forms.ValidationError(f"No organisation has the code “{code[:40]}”.")
        return found


class PeriodField(forms.CharField):
    """A financial year, a calendar year or all dates, as a pair of days."""

    def clean(self, value: Any) -> tuple[date | None, date | None]:
        text = (super().clean(value) or "all").strip()
        if text == "all":
            return None, None
        found = re.fullmatch(r"(\d{4})(?:[/-](\d{2}))?", text, re.ASCII)
        if found is None or not 1948 <= int(found[1]) <= 2100:
            raise forms.ValidationError(f"“{text[:40]}” is not a period.")
        year = int(found[1])
        if found[2] is None:
            return date(year, 1, 1), date(year, 12, 31)
        if int(found[2]) != (year + 1) % 100:
            raise forms.ValidationError(f"“{text[:40]}” is not a financial year: {year} is followed by {year + 1}.")
        return date(year, 4, 1), date(year + 1, 3, 31)


def _tag(model: Any) -> forms.ModelChoiceField:  # type: ignore[type-arg]
    name = model._meta.verbose_name
    return forms.ModelChoiceField(
        model.objects.all(),
        to_field_name="slug",
        required=False,
        error_messages={"invalid_choice": f"There is no such {name}."},
    )


def _choice(choices: Any, noun: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=[("", ""), *choices.choices],
        required=False,
        error_messages={"invalid_choice": f"“%(value).40s” is not {noun}."},
    )


def _day() -> forms.DateField:
    return forms.DateField(
        required=False, input_formats=["%Y-%m-%d"], error_messages={"invalid": "This is not a day of the calendar."}
    )


class QuestionForm(forms.Form):
    period = PeriodField(required=False, max_length=20)
    place = CodeField(required=False, max_length=40)
    theme = _tag(Theme)
    strand = _tag(PlanStrand)
    kind = _choice(Entry.Kind, "a kind of entry")
    basis = _choice(Basis, "a basis")
    achievement = _choice(BenefitFigure.Achievement, "a known answer")
    price_year = forms.IntegerField(
        required=False, min_value=1948, max_value=2100, error_messages={"invalid": "This is not a year."}
    )
    as_at = _day()

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__(query)
        self.fields["from"] = _day()
        self.fields["to"] = _day()

    def clean_as_at(self) -> date:
        today = timezone.localdate()
        wanted: date | None = self.cleaned_data["as_at"]
        if wanted and wanted > today:
            raise forms.ValidationError("This day is still to come.")
        return wanted or today

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        start, end = data.get("from"), data.get("to")
        if (start or end) and self.data.get("period"):
            self.add_error("period", "Give a period or “from” and “to”, not both.")
        if start and end and start > end:
            self.add_error("to", "The period ends before it starts.")
        if data.get("place") and data.get("as_at"):
            self._follow_succession()
        return data

    def _follow_succession(self) -> None:
        """Ask for who took over from a place that had closed by the day, where that is one place."""
        data = self.cleaned_data
        places, place = places_on(data["as_at"]), data["place"]
        data["places"], data["moved_from"] = places, None
        day = format_date(data["as_at"])
        if place.opened_on and place.opened_on > data["as_at"]:
            self.add_error("place", f"{place.display_name} opened on {format_date(place.opened_on)}, after {day}.")
        elif not places.is_open(place.pk):
            last = _last_successors(places, place.pk)
            successors = list(Organisation.objects.filter(pk__in=last))
            if len(successors) == 1:
                data["place"], data["moved_from"] = successors[0], place
            elif successors:
                names = " and ".join(f"{row.display_name} ({row.code})" for row in successors)
                self.add_error("place", f"{place.display_name} had been split between {names} by {day}.")

    def asked(self) -> Asked:
        data = self.cleaned_data
        start, end = data["period"]
        return Asked(
            place=data["place"],
            places=data["places"],
            start=data["from"] or start,
            end=data["to"] or end,
            basis=data["basis"] or Basis.OBSERVED,
            achievement=data["achievement"] or BenefitFigure.Achievement.ACHIEVED,
            price_year=data["price_year"],
            theme=data["theme"],
            strand=data["strand"],
            kind=data["kind"],
            moved_from=data["moved_from"],
        )


def _last_successors(places: Places, place: int) -> tuple[int, ...]:
    """Follow one successor after another; a split ends the way."""
    met = {place}
    successors = places.successors(place)
    while len(successors) == 1 and not places.is_open(successors[0]) and successors[0] not in met:
        met.add(successors[0])
        successors = places.successors(successors[0])
    return successors

"""Columns of an import: how a cell is read into a field and a field is written into a cell.

They are django-import-export's fields and widgets, so that import, template and export agree: what
`render` writes, `clean` reads. A cell that can't be read raises `Wrong`, with the fix.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from import_export.fields import Field
from import_export.widgets import Widget

from portal.core.formatting import exact_number
from portal.core.partial_dates import NotAPartialDate, check_partial_date, first_day
from portal.exchange.periods import WAYS, Period, read_period, write_period

BETWEEN = ";"
NOT_STATED = "not stated"
MOST_TOLD = 20
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


class Wrong(ValueError):
    """A cell or row can't be taken; `fix` says what to write instead."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.fix = fix


class Column(Field):
    """One column of a table: what it is called, where its value goes, and what a person needs to know to fill it in."""

    def __init__(
        self,
        key: str,
        label: str,
        widget: Widget,
        *,
        attribute: str = "",
        hint: str = "",
        needed: bool = False,
        also: Iterable[str] = (),
    ) -> None:
        super().__init__(attribute=attribute or key, column_name=key, widget=widget)
        self.key, self.label, self.hint, self.needed = key, label, hint, needed
        self.headings = {heading_key(text) for text in (key, label, *also)}

    def is_empty(self, instance: Any) -> bool:
        return self.get_value(instance) in (None, "", [])


def heading_key(text: str) -> str:
    """Return a heading without capitals and signs, as headings are compared."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())[:200]


class Text(Widget):
    def __init__(self, most: int = 20_000) -> None:
        self.most = most

    def clean(self, value: str, row: Any = None, **known: Any) -> Any:
        if len(value) > self.most:
            raise Wrong(f"It is {len(value):,} characters long.", f"Shorten it to {self.most:,} characters.")
        return value

    def render(self, value: Any, obj: Any = None, **known: Any) -> str:
        return str(value or "").replace("\r\n", "\n").replace("\r", "\n").strip()


class Slug(Text):
    """A word in an address: small letters, digits and hyphens."""

    def clean(self, value: str, row: Any = None, **known: Any) -> str:
        if value and not re.fullmatch(r"[a-zA-Z0-9_-]+", value):
            raise Wrong(
                "It holds signs that can’t stand here.", "Use letters, digits and hyphens alone, as in night-rota."
            )
        return str(super().clean(value, row, **known))


class Choice(Widget):
    """One of a fixed list, by what people read or by what is stored."""

    def __init__(self, choices: Any) -> None:
        self.labels: dict[str, str] = {value: str(label) for value, label in choices.choices}
        self.values = {text.casefold(): value for value, label in self.labels.items() for text in (value, label)}

    def clean(self, value: str, row: Any = None, **known: Any) -> str:
        if not value:
            return ""
        if (found := self.values.get(value.casefold())) is None:
            raise Wrong("It is not in the list.", f"Write one of: {'; '.join(self.labels.values())}.")
        return found

    def render(self, value: Any, obj: Any = None, **known: Any) -> str:
        return self.labels.get(value, "")

    def allowed(self, known: Any) -> list[str]:
        return list(self.labels.values())


class YesNo(Choice):
    def __init__(self) -> None:
        self.labels = {"yes": "yes", "no": "no"}
        self.values = {"yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no"}


class Tick(YesNo):
    """A yes or no that is stored as true or false."""

    def clean(self, value: str, row: Any = None, **known: Any) -> Any:
        return super().clean(value, row, **known) == "yes"

    def render(self, value: Any, obj: Any = None, **known: Any) -> str:
        return "yes" if value else ""


class Number(Widget):
    """A number; `places` after the point."""

    def __init__(self, *, places: int = 4, least: int | None = None, most: int | None = None) -> None:
        self.places, self.least, self.most = places, least, most

    def clean(self, value: str, row: Any = None, **known: Any) -> Any:
        if not value:
            return None
        text = value.removeprefix("£").strip()
        try:
            number = Decimal(text.replace(",", "") if THOUSANDS.fullmatch(text) else text)
        except InvalidOperation:
            raise Wrong("It is not a number.", self._fix()) from None
        if not number.is_finite():
            raise Wrong("It is not a number.", self._fix())
        number = number.normalize() if number else Decimal(0)
        if -int(number.as_tuple().exponent) > self.places or number.adjusted() > 13:
            raise Wrong("It has more digits than are kept.", self._fix())
        if (self.least is not None and number < self.least) or (self.most is not None and number > self.most):
            raise Wrong("It is out of range.", self._fix())
        return number.quantize(Decimal(1).scaleb(-self.places)) if self.places else int(number)

    def _fix(self) -> str:
        kind = "a number such as 1250.5" if self.places else "a whole number such as 1250"
        if self.least is not None and self.most is not None:
            return f"Write {kind}, from {self.least} to {self.most}."
        return f"Write {kind}" + (f", {self.least} or more." if self.least is not None else ", with digits alone.")

    def render(self, value: Any, obj: Any = None, **known: Any) -> str:
        return "" if value is None else exact_number(Decimal(value))


class Day(Widget):
    FIX = "Write the day as 2024-03-31 or 31/03/2024."

    def clean(self, value: str, row: Any = None, **known: Any) -> date | None:
        if not value:
            return None
        for form in ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"):
            try:
                return datetime.strptime(value, form).date()  # noqa: DTZ007 (a day has no zone)
            except ValueError:
                continue
        raise Wrong("It is not a day.", self.FIX)

    def render(self, value: Any, obj: Any = None, **known: Any) -> str:
        return value.isoformat() if value else ""


class PartialDay(Widget):
    """A year, a month or a day; `past` alone where something has happened."""

    FIX = "Write a year (2023), a month (2023-06) or a day (2023-06-14)."

    def __init__(self, *, past: bool = False) -> None:
        self.past = past

    def clean(self, value: str, row: Any = None, **known: Any) -> str:
        if not value:
            return ""
        if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", value):
            value = Day().render(Day().clean(value))
        try:
            day = first_day(check_partial_date(value))
        except NotAPartialDate:
            raise Wrong("It is not a date.", self.FIX) from None
        if self.past and day > date.today():  # noqa: DTZ011 (a file has no zone)
            raise Wrong("It has not come yet.", "Write when it was so.")
        return value

    def render(self, value: Any, obj: Any = None, **known: Any) -> str:
        return value or ""


class WebAddress(Text):
    def clean(self, value: str, row: Any = None, **known: Any) -> str:
        value = str(super().clean(value, row, **known))
        try:
            if value:
                URLValidator(schemes=["http", "https"])(value)
        except ValidationError:
            raise Wrong("It is not a web address.", "Write it whole, as in https://www.example.org/report.") from None
        return value


class Named(Widget):
    """One row of a list, by its code, key or name."""

    def __init__(self, listed: str, *, what: str, not_stated: bool = False) -> None:
        self.listed, self.what, self.not_stated = listed, what, not_stated

    def clean(self, value: str, row: Any = None, *, known: Any = None, **more: Any) -> Any:
        if not value or (self.not_stated and value.casefold() == NOT_STATED):
            return None
        return find(known.lists[self.listed], value, self.what)

    def render(self, value: Any, obj: Any = None, *, known: Any = None, **more: Any) -> str:
        return known.lists[self.listed].name_of(value) if value is not None else ""

    def allowed(self, known: Any) -> list[str]:
        return [NOT_STATED] * self.not_stated + list(known.lists[self.listed].names)


class Several(Widget):
    """Several rows of a list, a semicolon between them."""

    def __init__(self, listed: str, *, what: str) -> None:
        self.listed, self.what = listed, what

    def clean(self, value: str, row: Any = None, *, known: Any = None, **more: Any) -> list[Any]:
        texts = [text.strip() for text in value.split(BETWEEN) if text.strip()]
        return list(dict.fromkeys(find(known.lists[self.listed], text, self.what) for text in texts))

    def render(self, value: Any, obj: Any = None, *, known: Any = None, **more: Any) -> str:
        names = [known.lists[self.listed].name_of(row) for row in value.all()] if value is not None else []
        return f"{BETWEEN} ".join(sorted(names))

    def allowed(self, known: Any) -> list[str]:
        return list(known.lists[self.listed].names)


class Names(Widget):
    """Several names in one cell, kept as the rows of a child model."""

    def __init__(self, model: Any, field: str, *, most: int) -> None:
        self.model, self.field, self.most = model, field, most

    def clean(self, value: str, row: Any = None, **known: Any) -> list[Any]:
        names = list(dict.fromkeys(text.strip() for text in value.split(BETWEEN) if text.strip()))
        if long := [name for name in names if len(name) > self.most]:
            raise Wrong(f"“{long[0][:40]}…” is too long.", f"Shorten it to {self.most} characters.")
        return [self.model(**{self.field: name}, sort_order=place) for place, name in enumerate(names)]

    def render(self, value: Any, obj: Any = None, **known: Any) -> str:
        names = (getattr(row, self.field) for row in value.all()) if value is not None else ()
        return f"{BETWEEN} ".join(name.replace(BETWEEN, ",") for name in names)


class Pointing(Column):
    """A column that names a row of a list; its key is read without fetching the row."""

    def get_value(self, instance: Any) -> Any:
        return getattr(instance, f"{self.attribute}_id")


class PeriodColumn(Column):
    """A period in one cell, in the words of the data files; three fields of a figure."""

    def __init__(self) -> None:
        super().__init__("period", "Period", Widget(), attribute="period_kind", hint=WAYS, needed=True)

    def save(self, instance: Any, row: Mapping[str, str], is_m2m: bool = False, **known: Any) -> None:
        try:
            period = read_period(row[self.key] or NOT_STATED)
        except ValueError:
            raise Wrong("It is not a period.", f"Ways to write one: {WAYS}.") from None
        instance.period_kind, instance.period_start, instance.period_end = period.kind, period.start, period.end

    def export(self, instance: Any, **known: Any) -> str:
        if not instance.period_kind:
            return ""
        return write_period(Period(instance.period_kind, instance.period_start, instance.period_end))


class PlaceColumn(Pointing):
    """Where a figure holds: an organisation's code, or "not stated"."""

    def __init__(self) -> None:
        widget = Named("organisations", what="organisation", not_stated=True)
        hint = "The code of England (ENG), a region, board, trust or network; or “not stated”."
        super().__init__("place", "Place", widget, hint=hint, needed=True)

    def save(self, instance: Any, row: Mapping[str, str], is_m2m: bool = False, **known: Any) -> None:
        super().save(instance, row, is_m2m, **known)
        instance.place_not_stated = instance.place_id is None

    def export(self, instance: Any, **known: Any) -> str:
        return NOT_STATED if instance.place_not_stated else str(super().export(instance, **known))

    def is_empty(self, instance: Any) -> bool:
        return instance.place_id is None and not instance.place_not_stated


def find(listed: Any, text: str, what: str) -> Any:
    """Return the row of a list that a text names, or raise Wrong with what is nearest to it."""
    if (found := listed.find(text)) is not None:
        return found
    fix = "Look it up in the template’s list."
    if near := listed.nearest(text):
        fix = f"Did you mean {' or '.join(near)}?"
    elif 0 < len(listed.names) <= MOST_TOLD:
        fix = f"Write one of: {'; '.join(listed.names)}."
    raise Wrong(f"There is no {what} “{text[:60]}”.", fix)

"""What a list's FilterSet is made of: filters whose fields read an address, and leave out what can't be answered."""

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django_filters import Filter

from portal.catalogue.finding.facets import orders
from portal.catalogue.finding.own_facets import heirs_of, places_today
from portal.catalogue.finding.terms import MAX_CHARACTERS, MAX_WORDS, Term, terms_of, trim
from portal.organisations.models import Organisation

if TYPE_CHECKING:
    from portal.catalogue.finding.index import Index

RELEVANCE = "relevance"
MOST_VALUES = 50
SAID_OF_EACH = 3
SHOWN_OF_EACH = 40  # characters of what was typed


class LeftOut(forms.ValidationError):
    """What a field can't answer, as sentences, and what it keeps."""

    def __init__(self, *said: str, kept: Any) -> None:
        super().__init__(list(said))
        self.kept = kept


class AddressForm(forms.Form):
    """An address is never refused. What its fields leave out stands in `left_out`, by field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left_out: dict[str, list[str]] = {}

    def add_error(self, field: str | None, error: Any) -> None:
        if not isinstance(error, LeftOut) or field is None:
            super().add_error(field, error)
            return
        self.left_out.setdefault(field, []).extend(error.messages)
        self.cleaned_data[field] = error.kept


@dataclass(frozen=True)
class Words:
    """The words to look for as the address says them again, and as terms."""

    text: str = ""
    terms: list[Term] = field(default_factory=list)


class AddressField(forms.Field):
    """Reads a part of an address. All forms share it: the library copies fields for forms that change theirs."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "AddressField":
        return self


class WordsField(AddressField):
    def clean(self, value: Any) -> Words:
        typed = value or ""
        text = trim(typed)
        terms = terms_of(text)
        if typed.strip() and not terms:
            raise LeftOut("there is no letter or digit in the words to look for", kept=Words())
        if len(typed.strip()) > MAX_CHARACTERS or len(typed[: MAX_CHARACTERS * 4].split()) > MAX_WORDS:
            said = f"only the first {MAX_WORDS} words and {MAX_CHARACTERS} characters were searched for"
            raise LeftOut(said, kept=Words(text, terms))
        return Words(text, terms)


class FacetField(AddressField):
    """Any of the values of a facet."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, known: frozenset[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known = known

    def clean(self, value: Any) -> list[str]:
        typed = [one for one in dict.fromkeys(value or []) if one]
        said = [f"only the first {MOST_VALUES} values of {self.label} were looked at"] * (len(typed) > MOST_VALUES)
        values: list[str] = []
        unknown = []
        for one in typed[:MOST_VALUES]:
            if one in self.known:
                values.append(one)
            elif others := self.become(one, said):
                values += others
            else:
                unknown.append(one)
        said += [f"“{one[:SHOWN_OF_EACH]}” can’t be chosen under {self.label}" for one in unknown[:SAID_OF_EACH]]
        values = list(dict.fromkeys(values))
        if said:
            raise LeftOut(*said, kept=values)
        return values

    def become(self, value: str, said: list[str]) -> list[str]:
        """Return the values that an unknown one has become, and say so."""
        return []


class PlaceField(FacetField):
    """Any of some places; one that closed stands for what took it over."""

    def become(self, value: str, said: list[str]) -> list[str]:
        code = value[:SHOWN_OF_EACH].replace("\x00", "")
        closed = Organisation.objects.filter(code=code, closed_on__isnull=False).first()
        if closed is None:
            return []
        heirs = Organisation.objects.filter(pk__in=heirs_of(places_today(), closed.pk), code__in=self.known)
        said += [f"{closed.display_name} has closed, so {heir.display_name} is shown" for heir in heirs]
        return [heir.code for heir in heirs]


class OrderField(AddressField):
    def clean(self, value: Any) -> str:
        wanted = str(value or "")
        if wanted and wanted != RELEVANCE and wanted not in orders():
            raise LeftOut(f"there is no sort “{wanted[:SHOWN_OF_EACH]}”", kept="")
        return wanted


class TextField(AddressField):
    def clean(self, value: Any) -> str:
        return str(value or "")


class AddressFilter(Filter):
    """A part of the address. Its FilterSet asks the index, so it filters no queryset of its own."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "AddressFilter":
        """Give each FilterSet its own: the library copies all that a filter holds, of which nothing is changed."""
        return copy.copy(self)


class WordsFilter(AddressFilter):
    field_class = WordsField


class OrderFilter(AddressFilter):
    field_class = OrderField


class TextFilter(AddressFilter):
    field_class = TextField


class FacetFilter(AddressFilter):
    """Entries with any of the chosen values of a facet; several filters narrow each other."""

    field_class = FacetField

    def __init__(self, label: str, facet: str) -> None:
        super().__init__(label=label)
        self.facet = facet

    @property
    def field(self) -> forms.Field:
        """Make the field that knows what can be chosen now."""
        index: Index = self.parent.index
        known = index.known_values(self.facet)
        made: forms.Field = self.field_class(known=known, label=self.label, required=False)
        return made


class PlaceFilter(FacetFilter):
    field_class = PlaceField

"""The builder's form: what to call the pack, whom it is for, what it holds and who can open it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings

from portal.benefits.scaling.forms import ForUsForm, OrganisationField
from portal.benefits.scaling.sites import EntryScaling, scalings_of
from portal.briefings.for_us import ForUs
from portal.briefings.models import BriefingPack
from portal.briefings.options import SECTIONS, PackOptions
from portal.catalogue.models import Entry

TOO_LONG = "{what} must be %(limit_value)d characters or fewer. It has %(show_value)d"
ANYONE, ONLY_ME = "anyone", "me"
WHO_OPENS = [
    (ANYONE, "Anyone who has its address, which can’t be guessed"),
    (ONLY_ME, "Only me, and those to whom I give a share link"),
]


def _choice(*, problem: str, **fields: Any) -> forms.ChoiceField:
    messages = {"required": problem, "invalid_choice": problem}
    return forms.ChoiceField(widget=forms.RadioSelect, error_messages=messages, **fields)


class PackForm(forms.Form):
    title = forms.CharField(
        label="Title on the cover",
        max_length=200,
        error_messages={
            "required": "Enter a title for the briefing pack",
            "max_length": TOO_LONG.format(what="The title"),
        },
    )
    purpose = _choice(
        label="What the pack is for",
        choices=BriefingPack.Purpose,
        initial=BriefingPack.Purpose.INFORMATION,
        problem="Choose what the briefing pack is for",
    )
    audience = OrganisationField(label="Organisation it is for", required=False)
    author_line = forms.CharField(
        label="Author line",
        required=False,
        max_length=200,
        help_text="Who puts it to the board, by role: “Chief People Officer”. It stands on the cover as you write it.",
        error_messages={"max_length": TOO_LONG.format(what="The author line")},
    )
    on = forms.DateField(
        label="Date on the cover",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        help_text="For example the day of the meeting. Left empty, it is today.",
        error_messages={"invalid": "Enter the date as a day, month and year, like 27/3/2026, or leave it empty"},
    )
    recommendation = forms.CharField(
        label="Your recommendation",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What you ask of the board, in your own words. It is shown as yours, apart from the sources.",
        error_messages={"max_length": TOO_LONG.format(what="The recommendation")},
    )
    sections = forms.MultipleChoiceField(
        label="What it holds beside the entries themselves",
        required=False,
        choices=list(SECTIONS.items()),
        initial=list(SECTIONS),
        widget=forms.CheckboxSelectMultiple,
        help_text="Figures, “where it may not work” and the references always stay: no figure can be judged without.",
        error_messages={"invalid_choice": "“%(value)s” is no section of a pack. Choose from the list"},
    )
    who_opens = _choice(
        label="Who can open it",
        choices=WHO_OPENS,
        initial=ANYONE,
        required=False,
        problem="Choose who can open the pack",
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, entries: Sequence[Entry] = (), for_us: Mapping[str, ForUs]
    ) -> None:
        super().__init__(data)
        self._for_us = for_us
        self._scalings = _can_scale(entries)
        for slug, (title, scaling) in self._scalings.items():
            self.fields[f"people_{slug}"] = self._people_field(slug, title, scaling)

    def _people_field(self, slug: str, title: str, scaling: EntryScaling) -> forms.CharField:
        asked = self._asked_of(slug, scaling)
        label = f"{title}: {asked.fields['headcount'].label}"
        kept = self._for_us.get(slug)
        return forms.CharField(
            label=label,
            required=False,
            initial=kept.headcount if kept else "",
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-5"}),
        )

    def _asked_of(self, slug: str, scaling: EntryScaling, **data: str) -> ForUsForm:
        """Return the form of the entry's own page, for the population that was chosen there, or else the first."""
        kept = self._for_us.get(slug)
        population = kept.population if kept and scaling.population(kept.population) else ""
        return ForUsForm({"population": population, **data}, scaling=scaling)

    @property
    def people_fields(self) -> list[forms.BoundField]:
        return [self[f"people_{slug}"] for slug in self._scalings]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["for_us"] = {}
        audience = cleaned.get("audience")
        for slug, (_, scaling) in self._scalings.items():
            kept, people = self._for_us.get(slug), cleaned.get(f"people_{slug}", "")
            if kept and f"people_{slug}" not in self.data:
                cleaned["for_us"][slug] = kept
            if not people:
                continue
            asked = self._asked_of(slug, scaling, headcount=people)
            if asked.is_valid():
                code = audience.code if audience else (kept.organisation if kept else "")
                cleaned["for_us"][slug] = ForUs(asked.cleaned_data["headcount"], asked.asked_of.words, code)
            else:
                self.add_error(f"people_{slug}", " ".join(map(str, asked.errors.get("headcount", []))))
        return cleaned

    @property
    def options(self) -> PackOptions:
        """What was chosen, once the form is valid."""
        chosen = self.cleaned_data
        audience = chosen["audience"]
        return PackOptions(
            title=chosen["title"],
            purpose=chosen["purpose"],
            audience=audience.code if audience else "",
            author_line=chosen["author_line"],
            on=chosen["on"],
            recommendation=chosen["recommendation"],
            sections=tuple(key for key in SECTIONS if key in chosen["sections"]),
            for_us=chosen["for_us"],
        )

    @property
    def is_private(self) -> bool:
        return bool(self.cleaned_data["who_opens"] == ONLY_ME)


def _can_scale(entries: Sequence[Entry]) -> dict[str, tuple[str, EntryScaling]]:
    """Return, by slug, those entries whose sources let a benefit be scaled to a reader's own number of people."""
    scalings = scalings_of(entries) if entries else {}
    return {entry.slug: (entry.title, scalings[entry.pk]) for entry in entries if scalings[entry.pk].can_scale}


class ShareForm(forms.Form):
    """For how many days a link shows the pack."""

    days = forms.TypedChoiceField(
        label="How long the link works",
        coerce=int,
        choices=[(days, f"{days} days") for days in settings.BRIEFINGS_SHARE_DAYS],
        error_messages={
            "required": "Choose how long the link works",
            "invalid_choice": "Choose how long the link works",
        },
    )

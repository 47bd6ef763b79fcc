"""What an editor is told of a figure while writing it: its measure, and what the ledger would do with it."""

from dataclasses import dataclass
from typing import Any

from django import forms

from portal.benefits.calculations import Candidate, work_out
from portal.benefits.headlines import ask_about_england
from portal.benefits.ledgers import Reading, Total, read_figures
from portal.benefits.models import BenefitFigure, Measure
from portal.benefits.querysets import candidate_of
from portal.benefits.questions import Asked
from portal.benefits.reasons import TITLES, WHY
from portal.benefits.rows import figures_of
from portal.catalogue.models import Entry
from portal.organisations.models import Organisation

DAYS = ["%Y-%m-%d"]


@dataclass(frozen=True)
class Hint:
    """The measure in words, and the ledger's answer: counted, or left out and why, beside which figure."""

    measure: Measure
    is_counted: bool
    verdict: str
    why: str = ""
    beside: BenefitFigure | None = None


class FigureSoFar(forms.ModelForm[BenefitFigure]):
    """A row of the form while it is being written: anything may still be missing or wrong."""

    class Meta:
        model = BenefitFigure
        fields = (
            *("measure", "value", "low", "high", "qualifier", "per", "role", "basis", "achievement", "gross_or_net"),
            *("period_kind", "period_start", "period_end", "place", "price_year", "overlap_group", "evidence"),
        )

    place = forms.ModelChoiceField(Organisation.objects.all(), required=False)

    def __init__(self, data: Any, *, entry: Entry | None) -> None:
        super().__init__(data)
        self.entry = entry
        for name, field in self.fields.items():
            field.required = name == "measure"

    def figure(self) -> BenefitFigure:
        """Return the figure as far as it goes, never to be saved."""
        told = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        usual = {"value": 0, "role": "benefit", "basis": "not_stated", "achievement": "achieved"}
        return BenefitFigure(**(usual | {"period_kind": "not_stated", "entry": self.entry} | told))

    def _post_clean(self) -> None:
        """Leave the model's own rules to the saving of the draft."""


def hint_for(data: Any, *, entry: Entry | None = None) -> Hint | None:
    """Return what to tell of a figure written so far; None while its measure isn't chosen. Eight queries or so."""
    form = FigureSoFar(data, entry=entry)
    form.is_valid()
    if not form.cleaned_data.get("measure"):
        return None
    figure = form.figure()
    asked = ask_about_england(basis=figure.basis, achievement=figure.achievement)
    if asked is None or not figure.measure.additive:
        return Hint(figure.measure, False, "Shown on its own: figures of this measure are never added up.")
    return _verdict(figure, asked)


def _verdict(figure: BenefitFigure, asked: Asked) -> Hint:
    reading = read_figures([figure.measure], asked)
    told = candidate_of(figure)
    mine = told._replace(entry=figure.entry_id or 0, published=True, source_date=told.source_date or "")
    before, after = reading.totals(asked)[0], _total_with(mine, reading, asked)
    if any(row.candidate is mine for row in after.ledger.counted):
        verdict = f"Would be counted. The total for England would be {after.text}; it is {before.text} without it."
        return Hint(figure.measure, True, verdict)
    row = next(row for row in after.ledger.left_out if row.candidate is mine)
    beside = next(iter(figures_of([row.displaced_by])), None) if row.displaced_by else None
    why = WHY[row.reason](figure, after, beside)
    return Hint(figure.measure, False, f"Would be left out of totals: {TITLES[row.reason].lower()}.", why, beside)


def _total_with(mine: Candidate, reading: Reading, asked: Asked) -> Total:
    """Work the total out with this figure instead of all that its entry has published under the measure."""
    others = [row for row in reading.candidates if row.entry != mine.entry]
    ledger = work_out([*others, mine], asked.for_ledger(), reading.setting)[mine.measure]
    return Total(reading.measures[0], asked, ledger)

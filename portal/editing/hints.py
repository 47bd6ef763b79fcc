"""What an editor is told of a figure while writing it: its measure, and what the ledger would do with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model

from portal.benefits.calculations import Candidate, LeftOut, work_out
from portal.benefits.headlines import ask_about_england
from portal.benefits.ledgers import Reading, Total, read_figures
from portal.benefits.models import BenefitFigure, Measure
from portal.benefits.querysets import candidate_of
from portal.benefits.questions import Asked
from portal.benefits.reasons import TITLES, WHY
from portal.benefits.rows import figures_of
from portal.catalogue.models import Entry
from portal.core.keys import key_in, keys_in
from portal.core.templatetags.components import figure_text
from portal.editing.services import draft_of
from portal.evidence.models import Evidence
from portal.organisations.models import Organisation

ROW = re.compile(r"figures-(\d{1,4})")
MOST_ROWS = 200


@dataclass(frozen=True)
class Beside:
    """Another row of the same draft that meets this one, and which of the two the ledger would keep."""

    number: int
    label: str
    is_kept: bool
    why: str


@dataclass(frozen=True)
class Hint:
    """The measure in words, and the ledger's answer: counted, or left out and why, beside which figures.

    `beside` is a figure that readers see; `rows` are those of the draft itself.
    """

    measure: Measure
    is_counted: bool
    verdict: str
    why: str = ""
    beside: BenefitFigure | None = None
    rows: tuple[Beside, ...] = ()


class Chosen(forms.Field):
    """A choice among rows that were fetched for the whole form at once; anything else is none."""

    def __init__(self, rows: Mapping[str, Any]) -> None:
        super().__init__(required=False)
        self.rows = rows

    def to_python(self, value: Any) -> Any:
        return self.rows.get(str(value))


class FigureSoFar(forms.ModelForm[BenefitFigure]):
    """A row of the form while it is being written: anything may still be missing or wrong."""

    class Meta:
        model = BenefitFigure
        fields = (
            *("label", "value", "low", "high", "qualifier", "per", "role", "basis", "achievement", "gross_or_net"),
            *("counted", "period_kind", "period_start", "period_end", "price_year", "overlap_group"),
            *("population", "staff_group", "place_note"),
        )

    def __init__(self, data: Any, *, prefix: str, chosen: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(data, prefix=prefix)
        self.fields.update({name: Chosen(rows) for name, rows in chosen.items()})
        for field in self.fields.values():
            field.required = False

    def figure(self, *, entry: Entry, stored: BenefitFigure | None) -> BenefitFigure:
        """Return the figure as far as it goes, never to be saved; what the form doesn't show is as stored."""
        self.is_valid()
        told = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        usual = {"value": 0, "role": "benefit", "basis": "not_stated", "achievement": "achieved"}
        kept = {name: getattr(stored, name) for name in ("public_id", "restates", "supersedes")} if stored else {}
        return BenefitFigure(**(usual | {"period_kind": "not_stated", "entry": entry} | kept | told))

    def _post_clean(self) -> None:
        """Leave the model's own rules to the saving of the draft."""


@dataclass(frozen=True)
class Written:
    """A row of the form: its number as the form shows it, and the figure so far."""

    number: int
    figure: BenefitFigure


def hint_for(data: Any, *, entry: Entry | None = None) -> Hint | None:
    """Return what to tell of the figure `row` among those of the form so far; None until its measure is chosen.

    `data` is what the form would send of its figures. It is believed for the hint alone. A constant
    number of queries, however many rows there are.
    """
    prefix = str(data.get("row", ""))
    rows = rows_so_far(data, entry=entry)
    mine = rows.get(prefix)
    if mine is None:
        return None
    figure = mine.figure
    asked = ask_about_england(basis=figure.basis, achievement=figure.achievement)
    if asked is None or not figure.measure.additive:
        return Hint(figure.measure, False, "Shown on its own: figures of this measure are never added up.")
    others = [row for name, row in rows.items() if name != prefix]
    return _verdict(mine, others, asked)


def rows_so_far(data: Any, *, entry: Entry | None) -> dict[str, Written]:
    """Return the rows that have a measure, by their prefix, in the order of the form; removed ones are not there."""
    prefixes = sorted({found[0] for name in data if (found := ROW.match(name))}, key=lambda name: _order(data, name))
    prefixes = [name for name in prefixes if not data.get(f"{name}-DELETE")][:MOST_ROWS]
    chosen = {
        "measure": _fetched(Measure, data, prefixes, "measure"),
        "place": _fetched(Organisation, data, prefixes, "place"),
        "evidence": _fetched(Evidence, data, prefixes, "evidence"),
    }
    stored = {str(row.pk): row for row in draft_of(entry).figures.all()} if entry else {}
    draft = entry or Entry(title="this draft")
    written = {}
    for number, name in enumerate(prefixes, start=1):
        form = FigureSoFar(data, prefix=name, chosen=chosen)
        figure = form.figure(entry=draft, stored=stored.get(str(data.get(f"{name}-id"))))
        if figure.measure_id:
            written[name] = Written(number, figure)
    return written


def _order(data: Any, prefix: str) -> tuple[int, int]:
    order, number = key_in(data.get(f"{prefix}-ORDER")), int(prefix.removeprefix("figures-"))
    return (number if order is None else order, number)


def _fetched(model: type[Model], data: Any, prefixes: Sequence[str], name: str) -> dict[str, Any]:
    rows = model._default_manager.in_bulk(keys_in(data.get(f"{prefix}-{name}") for prefix in prefixes))
    return {str(pk): row for pk, row in rows.items()}


def _verdict(mine: Written, others: Sequence[Written], asked: Asked) -> Hint:
    """Ask the ledger, with the rows of the draft in the place of all that its entry has published."""
    figure = mine.figure
    reading = read_figures([figure.measure], asked)
    entry = figure.entry_id or 0
    published = [row for row in reading.candidates if row.entry != entry]
    measures = reading.setting.measures
    siblings = [row for row in others if row.figure.measure.key in measures]
    candidates = {row.number: _as_published(row.figure) for row in [*siblings, mine]}
    own = candidates.pop(mine.number)
    without = _total([*published, *candidates.values()], reading, asked)
    total = _total([*published, *candidates.values(), own], reading, asked)
    left_out = {id(row.candidate): row for row in total.ledger.left_out}
    by_candidate = {id(candidates[row.number]): row for row in siblings}
    rows = _rows_left_out_for(own, left_out.values(), by_candidate, total, figure)
    answer = left_out.get(id(own))
    if answer is None:
        verdict = f"Would be counted. The total for England would be {total.text}; without it, {without.text}."
        return Hint(figure.measure, True, verdict, rows=rows)
    verdict = f"Would be left out of totals: {TITLES[answer.reason].lower()}."
    kept = by_candidate.get(id(answer.displaced_by)) if answer.displaced_by else None
    if kept:
        why = WHY[answer.reason](figure, total, kept.figure)
        return Hint(figure.measure, False, verdict, rows=(Beside(kept.number, _label(kept.figure), True, why), *rows))
    beside = next(iter(figures_of([answer.displaced_by])), None) if answer.displaced_by else None
    return Hint(figure.measure, False, verdict, WHY[answer.reason](figure, total, beside), beside, rows)


def _rows_left_out_for(
    own: Candidate, left_out: Iterable[LeftOut], rows: Mapping[int, Written], total: Total, figure: BenefitFigure
) -> tuple[Beside, ...]:
    displaced = [
        (row, rows[id(row.candidate)]) for row in left_out if row.displaced_by is own and id(row.candidate) in rows
    ]
    return tuple(
        Beside(other.number, _label(other.figure), False, WHY[row.reason](other.figure, total, figure))
        for row, other in sorted(displaced, key=lambda pair: pair[1].number)
    )


def _label(figure: BenefitFigure) -> str:
    return figure.label or figure_text(figure)


def _as_published(figure: BenefitFigure) -> Candidate:
    told = candidate_of(figure)
    return told._replace(entry=figure.entry_id or 0, published=True, source_date=told.source_date or "")


def _total(candidates: Sequence[Candidate], reading: Reading, asked: Asked) -> Total:
    measure = reading.measures[0]
    return Total(measure, asked, work_out(candidates, asked.for_ledger(), reading.setting)[measure.key])

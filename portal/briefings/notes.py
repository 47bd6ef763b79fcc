"""The end of a pack: how to read it, on what it rests, the measures it uses and what was left out of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings

from portal.benefits.models import Measure
from portal.briefings.limits import clean_line, cut_rows, what_was_cut
from portal.catalogue.models import Entry
from portal.core.formatting import format_financial_year

Row = dict[str, Any]


def measures_used(entries: Iterable[Entry]) -> Row:
    """Explain each measure of the pack's figures, by name."""
    used = {figure.measure.pk: figure.measure for entry in entries for figure in entry.figures.all()}
    kept, cut = cut_rows([_measure(one) for one in sorted(used.values(), key=lambda one: one.name)])
    return {"rows": kept, "cut": cut}


def _measure(measure: Measure) -> Row:
    if measure.price_year and measure.additive:
        adds = f"Adds up, in {format_financial_year(measure.price_year)} prices"
    else:
        adds = "Adds up" if measure.additive else "Never added up"
    return {
        "name": clean_line(measure.name),
        "unit": "pounds" if measure.unit == "GBP" else measure.unit,
        "text": clean_line(measure.definition),
        "adds": f"{adds}.",
        "address": settings.SITE_URL + measure.get_absolute_url(),
    }


def assumptions(totals: Row | None, rows: Sequence[Row], *, as_at_text: str) -> list[str]:
    """Return what a reader must know of how the pack was made, as sentences."""
    adds_up = bool(totals and totals["bases"])
    months = next((row["coverage"]["months"] for row in rows if row["coverage"]), None)
    sentences = [
        _adding_up(totals["heading"], totals["place"]) if totals and adds_up else NOTHING_ADDED,
        totals["working_time"] if totals else "",
        "Observed means that it was counted or measured; modelled, that it was worked out from assumptions. The two "
        "never share a total, nor does a figure whose source doesn’t say which.",
        "What could be achieved stands apart from what was. Baselines, levels, targets, costs and reach are “other "
        "figures”: they are not benefits.",
        "Strength, from 0 to 5, says how sure we can be of what the sources found, and not how much it was. It is "
        f"worked out by version {rows[0]['strength']['rule_version']} of a published rule "
        f"({settings.SITE_URL}/about/evidence-strength/).",
        "“Not stated” means that the source does not say. It never means no, none or zero.",
        "An organisation that is not named has not been reported; it may or may not be using the innovation or "
        "arrangement.",
        f"Coverage is an interval: from those known to be live to those and all who said nothing. Nothing said within "
        f"{months} months counts as silent."
        if months
        else "",
        "A claim without a source is shown as such and never becomes a figure.",
        f"The content is frozen {as_at_text}. The entries’ pages on the site may have changed since.",
    ]
    return [sentence for sentence in sentences if sentence]


NOTHING_ADDED = (
    "Figures are not added up, within an entry or across entries: they differ in measure, period, place and method, "
    "and some count the same benefit."
)


def _adding_up(heading: str, place: str) -> str:
    return (
        "Do not add figures up yourself: they differ in measure, period, place and method, and some count the same "
        f"benefit. “{heading}” adds only achieved benefits of one measure and one basis in {place} that do not "
        "overlap, and says how many it leaves out and why. Where two overlap, net stands before gross, the wider place "
        "before the narrower, the later running total before the earlier, and stronger evidence before weaker."
    )


def left_out_for_length(data: Row) -> list[str]:
    """Say what the limits took out of the pack, entry by entry; nothing where nothing was."""
    cut = [f"{row['number']}. {row['title']}" for row in data["entries"]]
    told = [what_was_cut(name, row) for name, row in zip(cut, data["entries"], strict=True)]
    others = {name: data[name] for name in ("title", "recommendation", "references", "measures")}
    return [sentence for group in [*told, what_was_cut("The pack", others)] for sentence in group]

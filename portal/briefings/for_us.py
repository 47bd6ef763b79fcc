"""What an entry could mean for the reader: a number chosen with the basket, a range frozen in the pack."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from portal.benefits.models import BenefitFigure
from portal.benefits.scaling.ranges import INDICATIVE, Range, people_text, ranges_for
from portal.benefits.scaling.reasons import why_no_range
from portal.benefits.scaling.sites import EntryScaling, scalings_of
from portal.briefings.limits import clean_line, cut_rows
from portal.briefings.references import References
from portal.catalogue.models import Entry
from portal.core.templatetags.components import figure_text, period_text, place_text
from portal.organisations.models import Organisation

Row = dict[str, Any]


class ForUs(NamedTuple):
    """A reader's own number of people for one entry; `organisation` is a code, or empty."""

    headcount: int
    population: str
    organisation: str = ""


def notes(chosen: Mapping[str, ForUs]) -> list[tuple[str, str]]:
    """Return, for each entry's slug, what its part of the pack will hold; one query where one is named."""
    names = _names(chosen)
    return [(slug, f"With what it could mean for {_whom(one, names)}") for slug, one in chosen.items()]


def with_ranges(
    rows: Sequence[Row], entries: Sequence[Entry], chosen: Mapping[str, ForUs], references: References
) -> list[Row]:
    """Add `for_us` to each entry's part of a pack: its range with all that it rests on; None where none was asked."""
    wanted = [entry for entry in entries if entry.slug in chosen]
    scalings = scalings_of(wanted) if wanted else {}
    names = _names(chosen) if wanted else {}
    told = {
        entry.slug: _part(entry, chosen[entry.slug], scalings[entry.pk], references)
        | {"whom": clean_line(_whom(chosen[entry.slug], names))}
        for entry in wanted
    }
    return [{**row, "for_us": told.get(row["slug"])} for row in rows]


def _names(chosen: Mapping[str, ForUs]) -> dict[str, str]:
    codes = {one.organisation for one in chosen.values() if one.organisation}
    return dict(Organisation.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}


def _whom(one: ForUs, names: Mapping[str, str]) -> str:
    people = people_text(one.headcount, one.population)
    return f"{names[one.organisation]}: {people}" if one.organisation in names else people


def _part(entry: Entry, one: ForUs, scaling: EntryScaling, references: References) -> Row:
    population = scaling.population(one.population)
    if population is None:
        no_longer = f"No figure of this entry that can be scaled is for “{one.population}”."
        return {"indicative": "", "ranges": [], "why_not": clean_line(why_no_range(scaling) or no_longer)}
    # The entry's own rows: their sources are fetched with what a reference says.
    figures = {figure.public_id: figure for figure in entry.figures.all()}
    ranges = [_range(told, figures, references) for told in ranges_for(population, one.headcount)]
    return {"indicative": INDICATIVE, "ranges": ranges, "why_not": ""}


def _range(told: Range, figures: Mapping[Any, BenefitFigure], references: References) -> Row:
    kept, cut = cut_rows(told.rows)
    return {
        "title": clean_line(told.title),
        "text": told.text,
        "rows": [
            {
                "place": clean_line(place_text(row.figure)),
                "figure": figure_text(row.figure),
                "label": clean_line(row.figure.label),
                "people": clean_line(row.people),
                "period": period_text(row.figure),
                "rate": row.rate,
                "source": references.cite(figures[row.figure.public_id].evidence),
            }
            for row in kept
        ],
        "cut": cut,
        "assumptions": [clean_line(sentence) for sentence in told.assumptions],
    }

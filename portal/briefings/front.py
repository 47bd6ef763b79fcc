"""The front sheet of a board paper: what the pack says in a few sentences, and what it would mean."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from casestudies.models import CaseStudy, LearningPoint
from innovations.models import Innovation
from portal.benefits.models import Basis, BenefitFigure, Measure
from portal.briefings.limits import clean_line, clean_title
from portal.catalogue.models import Entry
from portal.core.templatetags.components import lower_first

Row = dict[str, Any]
MOST_NAMED = 3
VERY_WEAK = 1


def count_of(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def summary(entries: Sequence[Entry], rows: Sequence[Row], totals: Row | None) -> list[str]:
    """Return four to six sentences, worked out from the ledger and the entries and never written by hand."""
    sentences = [
        _scope(entries),
        _totals(totals, alone=len(entries) == 1),
        _figures(entries),
        _how_sure(rows),
        _how_far(rows),
        _what_is_known(rows),
    ]
    return [sentence for sentence in sentences if sentence]


def _scope(entries: Sequence[Entry]) -> str:
    if len(entries) == 1:
        return f"One {entries[0].get_kind_display().lower()}: {clean_title(entries[0].title)}."
    kinds = Counter(entry.kind for entry in entries)
    told = [
        count_of(kinds[Entry.Kind.INNOVATION], "innovation", "innovations"),
        count_of(kinds[Entry.Kind.CASE_STUDY], "case study", "case studies"),
    ]
    held = " and ".join(text for text in told if not text.startswith("0 "))
    themes = Counter(theme.name for entry in entries for theme in entry.themes.all())
    about = f" Themes named most: {_most(themes)}." if themes else ""
    return f"{len(entries)} entries: {held}.{about}"


def _totals(totals: Row | None, *, alone: bool) -> str:
    """Say the totals of the first basis that has any; those of another basis are never in one sentence with them."""
    if totals is None:
        return "Nothing can be added up: no figure is of a kind that the ledger counts." if not alone else ""
    if not totals["bases"]:
        return f"No figure can be counted in a total: {totals['without_total']['why']}."
    first, *others = totals["bases"]
    shown, more = first["rows"][:MOST_NAMED], len(first["rows"]) - MOST_NAMED
    named = "; ".join(f"{lower_first(row['total'])} ({lower_first(row['measure'])})" for row in shown)
    left_out = sum(row["left_out"] for group in totals["bases"] for row in group["rows"])
    left_out += totals["without_total"]["count"]
    added = f"Added up without counting a benefit twice ({first['basis'].lower()}): {named}"
    added += f"; and {count_of(more, 'more total', 'more totals')}." if more > 0 else "."
    apart = f" Totals that are {_either(others)} stand apart." if others else ""
    return f"{added}{apart} {count_of(left_out, 'figure is', 'figures are')} left out, each with its reason."


def _either(groups: Iterable[Row]) -> str:
    words = {str(Basis.NOT_STATED.label): "of no stated basis"}
    return " or ".join(words.get(group["basis"], group["basis"].lower()) for group in groups)


def _figures(entries: Iterable[Entry]) -> str:
    figures = _all_figures(entries)
    if not figures:
        return "No figure with a source is stated."
    kinds = Counter((figure.role == "benefit", figure.achievement) for figure in figures)
    achieved, potential = kinds[True, "achieved"], kinds[True, "potential"]
    bases = Counter(figure.basis for figure in figures if figure.role == "benefit" and figure.achievement == "achieved")
    how = ", ".join(f"{bases[basis]} {lower_first(basis.label)}" for basis in Basis if bases[basis])
    parts = [
        count_of(achieved, "benefit achieved", "benefits achieved") + (f" ({how})" if achieved else ""),
        f"{potential} that could be",
        f"{len(figures) - achieved - potential} levels, baselines, targets and costs",
    ]
    return f"{count_of(len(figures), 'figure', 'figures')}, each with its source: {'; '.join(parts)}."


def _how_sure(rows: Sequence[Row]) -> str:
    if len(rows) == 1:
        return f"How sure that is: {lower_first(rows[0]['strength']['text'])}."
    level = max(row["strength"]["level"] for row in rows)
    best = [row for row in rows if row["strength"]["level"] == level]
    word = best[0]["strength"]["word"]
    weak = sum(row["strength"]["level"] <= VERY_WEAK for row in rows)
    named = _listed([row["title"] for row in best])
    return (
        f"How sure that is: the strongest evidence is {level} of 5, {word} ({named}); "
        f"{weak} of {len(rows)} entries are at {VERY_WEAK} or below."
    )


def _how_far(rows: Sequence[Row]) -> str:
    stages = Counter(row["stage"] for row in rows)
    if len(rows) == 1:
        return f"Furthest stage reported: {lower_first(rows[0]['stage'])}." if rows[0]["stage"] else ""
    told = ", ".join(f"{lower_first(stage)} {number}" for stage, number in stages.most_common() if stage)
    silent = f"; none is stated for {stages['']}" if stages[""] else ""
    return f"Furthest stage reported, in entries: {told}{silent}." if told else "No stage of adoption is stated."


def _what_is_known(rows: Sequence[Row]) -> str:
    fails, needs = (sum(_says(row, heading) for row in rows) for heading in ("Where it may not work", NEEDS))
    if len(rows) == 1:
        told = {True: "stated", False: "not stated"}
        return f"Where it may not work is {told[bool(fails)]}; what it needs is {told[bool(needs)]}."
    return f"Of {len(rows)} entries, {fails} say where they may not work and {needs} what they need from you."


NEEDS = "What it needs from you"


def _says(row: Row, heading: str) -> bool:
    return any(passage["heading"] == heading and passage["paragraphs"] for passage in row["closing"])


def _all_figures(entries: Iterable[Entry]) -> list[BenefitFigure]:
    return [figure for entry in entries for figure in entry.figures.all()]


def _most(counts: Counter[str]) -> str:
    return ", ".join(f"{clean_line(name)} ({number})" for name, number in counts.most_common(MOST_NAMED))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + _and_more(names)


def _and_more(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return f" and {more} more" if more > 0 else ""


# --- implications ---------------------------------------------------------------------------

Topic = Measure.Topic
OF_WORKFORCE = {Topic.TIME, Topic.PEOPLE, Topic.SHIFTS}
OF_SERVICE = {Topic.SERVICE, Topic.EXPERIENCE}
NOT_HELD = (
    "Not held here. The author adds the organisation’s own equality, data protection, legal and environmental "
    "assessments."
)


def implications(entries: Sequence[Entry], rows: Sequence[Row]) -> list[dict[str, str]]:
    """Return, under the headings that board papers use, what the entries say and what they don't."""
    return [
        {"term": "Money", "text": _money(entries)},
        {"term": "Workforce", "text": _workforce(entries)},
        {"term": "Patients and service", "text": _service(entries)},
        {"term": "What must be in place", "text": _prerequisites(entries, rows)},
        {"term": "Risks", "text": _risks(entries, rows)},
        {"term": "Equality, law, environment", "text": NOT_HELD},
    ]


def _money(entries: Sequence[Entry]) -> str:
    innovations = [entry.specific for entry in entries if entry.kind == Entry.Kind.INNOVATION]
    bands = Counter(one.get_cost_band_display().lower() for one in innovations if isinstance(one, Innovation))
    told = ", ".join(f"{band} {number}" for band, number in bands.most_common() if band)
    cost = f"Cost band of {count_of(len(innovations), 'innovation', 'innovations')}: {told or 'none stated'}"
    cost += f", not stated {bands['']}. " if told and bands[""] else ". "
    pounds = [figure for figure in _all_figures(entries) if figure.measure.unit == "GBP"]
    releasing = sum(figure.cash_releasing == BenefitFigure.YesNo.YES for figure in pounds)
    said = f"{releasing or 'none'} said to release cash" if pounds else ""
    return (cost if innovations else "") + (
        f"{count_of(len(pounds), 'figure', 'figures')} in pounds, {said}." if pounds else "No figure is in pounds."
    )


def _workforce(entries: Sequence[Entry]) -> str:
    groups = Counter(group.name for entry in entries for group in entry.staff_groups.all())
    named = f"Staff groups named most: {_most(groups)}. " if groups else "No staff group is named. "
    return named + _how_many(entries, OF_WORKFORCE, "staff time, people or shifts")


def _service(entries: Sequence[Entry]) -> str:
    nice = [
        f"{clean_title(entry.title)}, {lower_first(entry.specific.get_nice_status_display())}"
        for entry in entries
        if isinstance(entry.specific, Innovation) and entry.specific.nice_status
    ]
    told = f" NICE on {'; '.join(nice[:MOST_NAMED])}{_and_more(nice)}." if nice else " No position of NICE is recorded."
    return _how_many(entries, OF_SERVICE, "patients, the service or experience") + told


def _how_many(entries: Sequence[Entry], topics: set[Any], about: str) -> str:
    number = sum(figure.measure.topic in topics for figure in _all_figures(entries))
    return f"{count_of(number, 'figure is', 'figures are') if number else 'No figure is'} about {about}."


def _prerequisites(entries: Sequence[Entry], rows: Sequence[Row]) -> str:
    stated = _how_many_say(rows, NEEDS)
    barriers = Counter(
        point.get_barrier_kind_display().lower()
        for entry in entries
        if isinstance(entry.specific, CaseStudy)
        for point in entry.specific.learning_points.all()
        if point.kind == LearningPoint.Kind.BARRIER and point.barrier_kind
    )
    named = f" Barriers that case studies name: {_most(barriers)}." if barriers else ""
    return f"What it needs is stated {stated}.{named}"


def _risks(entries: Sequence[Entry], rows: Sequence[Row]) -> str:
    fails, notes = (_how_many_say(rows, heading) for heading in ("Where it may not work", "Before quoting this entry"))
    overdue = sum(entry.is_review_overdue for entry in entries)
    late = f" {count_of(overdue, 'entry is', 'entries are')} past the date of review." if overdue else ""
    return f"Where it may not work is stated {fails}; a note to read before quoting, {notes}.{late}"


def _how_many_say(rows: Sequence[Row], heading: str) -> str:
    number = sum(_says(row, heading) for row in rows)
    if len(rows) == 1:
        return "here" if number else "nowhere"
    return f"for {number} of {len(rows)} entries"

"""What a pack says of one entry: figures, evidence and unsourced claims, as plain data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.benefits.calculations import Reason
from portal.benefits.models import Basis, BenefitFigure
from portal.benefits.reasons import TITLES
from portal.briefings.limits import clean_line, clean_title, cut_rows, paragraphs
from portal.briefings.references import References, strength_line
from portal.catalogue.models import Entry, EntryEvidence
from portal.catalogue.strength import told_strength_of
from portal.core.formatting import capitalised, exact_number, format_number
from portal.core.templatetags.components import figure_text, lower_first, period_text, place_text
from portal.evidence.calculations import Rule
from portal.evidence.wording import ToldFinding

Row = dict[str, Any]

GROUPS = (
    ("Benefits reported", ("benefit", "achieved")),
    ("What it could bring", ("benefit", "potential")),
)
OTHER_TITLE = "Other figures: levels, baselines, targets, costs and reach"
IN_A_TOTAL = "Counted in the totals."


def figure_groups(
    figures: Iterable[BenefitFigure], references: References, workings: Mapping[str, Row] | None = None
) -> list[Row]:
    """Group figures as the entry's page does: what was achieved never shares a table with what could be.

    `workings` says of each figure, by its id, whether the pack's totals counted it (`totals.workings_of`).
    """
    figures = list(figures)
    told = _Told({figure.public_id: figure.label for figure in figures}, references, workings or {})
    groups = [
        told.group(title, [figure for figure in figures if (figure.role, figure.achievement) == wanted])
        for title, wanted in GROUPS
    ]
    groups.append(told.group(OTHER_TITLE, [figure for figure in figures if figure.role != "benefit"]))
    return [group for group in groups if group["rows"]]


@dataclass(frozen=True)
class _Told:
    """What the rows of an entry's figures share."""

    labels: Mapping[Any, str]
    references: References
    workings: Mapping[str, Row]

    def group(self, title: str, figures: list[BenefitFigure]) -> Row:
        kept, cut = cut_rows(figures)
        return {"title": title, "rows": [self.row(figure) for figure in kept], "cut": cut}

    def row(self, figure: BenefitFigure) -> Row:
        working = self.workings.get(str(figure.public_id), {})
        role = [] if figure.role == "benefit" else [f"{figure.get_role_display()}."]
        notes = [*role, *conditions(figure), figure.told_before(self.labels), clean_line(figure.note)]
        return {
            "id": str(figure.public_id),
            "figure": figure_text(figure),
            "label": clean_line(figure.label),
            "notes": [ended(note) for note in notes if note],
            "basis": "Not stated" if figure.basis == Basis.NOT_STATED else figure.get_basis_display(),
            "period": period_text(figure),
            "place": place_text(figure),
            "source": self.references.cite(figure.evidence),
            "locator": clean_line(figure.locator),
            "ledger": _in_totals(working),
            "working": working,
            "exact": _exact(figure),
        }


def ended(text: str) -> str:
    """Return a note as a sentence of its own: several stand in a row, and editors leave the stop out of short ones."""
    return text if text.endswith((".", "!", "?", "…", "]")) else f"{text}."


def _in_totals(working: Row) -> str:
    """Say in a few words what became of a benefit in the totals; one that can't be added up needs no word."""
    if working.get("bucket") == "counted":
        return IN_A_TOTAL
    silent = {"", *(TITLES[reason] for reason in SAID_BY_THE_TABLE)}
    reason = working.get("reason", "")
    return "" if reason in silent else f"Not in the totals: {lower_first(reason)}."


SAID_BY_THE_TABLE = (Reason.NOT_ADDITIVE, Reason.NOT_A_BENEFIT, Reason.POTENTIAL_ONLY)


def _exact(figure: BenefitFigure) -> Row:
    """Give what a spreadsheet needs: numbers as exact text, codes and days."""
    return {
        "measure": clean_line(figure.measure.name),
        "value": exact_number(figure.value),
        "low": "" if figure.low is None else exact_number(figure.low),
        "high": "" if figure.high is None else exact_number(figure.high),
        "unit": figure.measure.unit,
        "counted": clean_line(figure.counted),
        "per": clean_line(figure.per),
        "qualifier": figure.qualifier,
        "role": figure.role,
        "achievement": figure.achievement,
        "period_start": figure.period_start.isoformat() if figure.period_start else "",
        "period_end": figure.period_end.isoformat() if figure.period_end else "",
        "place_code": figure.place.code if figure.place else "",
    }


def conditions(figure: BenefitFigure) -> list[str]:
    """Say what a reader must know to quote the value: first in a sentence, then who was counted and how."""
    parts = []
    if figure.price_year:
        parts.append(f"{figure.price_year} prices")
    parts.append(figure.get_gross_or_net_display())
    if figure.monetised == BenefitFigure.YesNo.YES:
        parts.append("time or care turned into money")
    if figure.cash_releasing:
        parts.append("cash-releasing" if figure.cash_releasing == BenefitFigure.YesNo.YES else "not cash-releasing")
    if figure.attribution_share is not None:
        parts.append(f"{format_number(figure.attribution_share * 100)}% due to it")
    parts = [part for part in parts if part]
    text = ", ".join(parts)
    counted = [clean_line(figure.population), clean_line(figure.staff_group)]
    method = f"Method: {clean_line(figure.method)}" if figure.method else ""
    return [f"{capitalised(text)}." if text else "", *counted, method]


def strength_and_evidence(entry: Entry, references: References, rule: Rule, *, with_evidence: bool) -> tuple[Row, Row]:
    """Return how sure the entry's findings are, in the words of its page, and what each source brings to that.

    Sources cited for facts only stay references.
    """
    told = told_strength_of(entry, rule)
    findings = {one.key: one for one in told.findings}
    links = list(entry.evidence_links.all()) if with_evidence else []
    links.sort(key=lambda link: -findings[link.evidence.key].reach if link.evidence.key in findings else 1)
    kept, cut = cut_rows([link for link in links if link.finding])
    rows = [_evidence_row(link, findings.get(link.evidence.key), references) for link in kept]
    others, _ = cut_rows([link for link in links if not link.finding and link.evidence.key in findings])
    also = [
        {"source": references.cite(link.evidence), "decides": findings[link.evidence.key].decides} for link in others
    ]
    return {
        "text": told.text,
        "word": told.word,
        "level": told.level,
        "limits": [clean_line(sentence) for sentence in told.limits],
        "step": told.step,
        "rule_version": told.rule_version,
    }, {"rows": rows, "cut": cut, "also": also}


def _evidence_row(link: EntryEvidence, told: ToldFinding | None, references: References) -> Row:
    return {
        "title": clean_title(link.evidence.title),
        "strength": clean_line(told.text) if told else strength_line(link.evidence),
        "reach": told.reach if told else None,
        "decides": bool(told and told.decides),
        "finding": paragraphs(link.finding),
        "source": references.cite(link.evidence),
    }


def unsourced_statements(entry: Entry) -> Row:
    kept, cut = cut_rows(list(entry.claims.all()))
    rows = [{"statement": clean_line(claim.statement), "said_by": clean_line(claim.said_by)} for claim in kept]
    return {"rows": rows, "cut": cut}

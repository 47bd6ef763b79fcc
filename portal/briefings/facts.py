"""What a pack says of one entry: figures, adoption, evidence and passages, as plain data."""

from collections.abc import Iterable
from typing import Any

from portal.adoption.models import AdoptionRecord, CoverageClaim
from portal.adoption.reading import Adoption
from portal.adoption.telling import stops_of
from portal.benefits.models import Basis, BenefitFigure
from portal.briefings.limits import clean_line, cut_rows, paragraphs
from portal.briefings.references import References, strength_line
from portal.catalogue.models import Entry
from portal.catalogue.strength import told_strength_of
from portal.core.formatting import format_date, format_number, format_partial_date
from portal.core.templatetags.components import claim_text, figure_text, period_text, place_text
from portal.evidence.calculations import Rule

Row = dict[str, Any]

ACHIEVED_TITLES = {
    Basis.OBSERVED: "Benefits achieved, observed",
    Basis.MODELLED: "Benefits achieved, modelled",
    Basis.NOT_STATED: "Benefits achieved, basis not stated",
}
POTENTIAL_TITLES = {
    Basis.OBSERVED: "What it could bring, from observed results",
    Basis.MODELLED: "What it could bring, modelled",
    Basis.NOT_STATED: "What it could bring, basis not stated",
}
OTHER_TITLE = "Other figures: levels, baselines, targets, costs and reach"


def figure_groups(figures: Iterable[BenefitFigure], references: References) -> list[Row]:
    """Group figures so that observed and modelled, achieved and possible never share a table."""
    figures = list(figures)
    labels = {figure.public_id: figure.label for figure in figures}
    groups = []
    for achievement, titles in (("achieved", ACHIEVED_TITLES), ("potential", POTENTIAL_TITLES)):
        for basis, title in titles.items():
            wanted = ("benefit", achievement, basis)
            chosen = [figure for figure in figures if (figure.role, figure.achievement, figure.basis) == wanted]
            groups.append(_figure_group(title, chosen, labels, references, shows_role=False))
    others = [figure for figure in figures if figure.role != "benefit"]
    groups.append(_figure_group(OTHER_TITLE, others, labels, references, shows_role=True))
    return [group for group in groups if group["rows"]]


def _figure_group(
    title: str, figures: list[BenefitFigure], labels: dict[Any, str], references: References, *, shows_role: bool
) -> Row:
    kept, cut = cut_rows(figures)
    rows = [_figure_row(figure, labels, references, shows_role=shows_role) for figure in kept]
    return {"title": title, "rows": rows, "cut": cut}


def _figure_row(figure: BenefitFigure, labels: dict[Any, str], references: References, *, shows_role: bool) -> Row:
    notes = _kind_of_figure(figure) if shows_role else []
    notes += [*conditions(figure), figure.told_before(labels), clean_line(figure.note)]
    return {
        "figure": figure_text(figure),
        "label": clean_line(figure.label),
        "notes": [note for note in notes if note],
        "basis": figure.get_basis_display(),
        "period": period_text(figure),
        "place": place_text(figure),
        "source": references.cite(figure.evidence),
    }


def _kind_of_figure(figure: BenefitFigure) -> list[str]:
    return [f"{figure.get_role_display()}. {figure.get_basis_display()}."]


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
    return [f"{text[:1].upper()}{text[1:]}." if text else "", *counted, method]


def coverage(adoption: Adoption) -> Row | None:
    """Coverage of the kind of organisation that is spoken of most, in the words of the entry's page."""
    if not adoption.has_events:
        return None
    told = adoption.main_coverage
    return {
        "text": told.text,
        "about": adoption.about,
        "working": told.working,
        "as_at": format_date(adoption.day),
        "months": adoption.months,
        "stops": stops_of(adoption, adoption.main_group),
    }


def adoption_records(records: Iterable[AdoptionRecord], references: References) -> Row:
    kept, cut = cut_rows(list(records))
    return {"rows": [_record_row(record, references) for record in kept], "cut": cut}


def _record_row(record: AdoptionRecord, references: References) -> Row:
    notes = [record.get_stop_reason_display(), clean_line(record.extent), clean_line(record.note)]
    if record.evidence_id is None:
        notes.append(f"Reported by {clean_line(record.said_by)}")
    return {
        "organisation": record.organisation.display_name,
        "stage": record.get_stage_display(),
        "on": format_partial_date(record.on) or "Not stated",
        "notes": [note for note in notes if note],
        "source": references.cite(record.evidence),
    }


def coverage_claims(claims: Iterable[CoverageClaim], references: References) -> Row:
    kept, cut = cut_rows(list(claims))
    return {"rows": [_claim_row(claim, references) for claim in kept], "cut": cut}


def _claim_row(claim: CoverageClaim, references: References) -> Row:
    return {
        "group": clean_line(claim.group),
        "text": claim_text(claim) or "Number not stated",
        "stage": claim.get_stage_display(),
        "as_at": format_partial_date(claim.as_at) or "Not stated",
        "notes": [clean_line(claim.note)] if claim.note else [],
        "source": references.cite(claim.evidence),
    }


def evidence_rows(entry: Entry, references: References) -> Row:
    """Evidence that found something, with the finding; sources cited for facts only stay references."""
    links = [link for link in entry.evidence_links.all() if link.finding]
    kept, cut = cut_rows(links)
    rows = [
        {
            "title": clean_line(link.evidence.title),
            "strength": strength_line(link.evidence),
            "finding": paragraphs(link.finding),
            "source": references.cite(link.evidence),
        }
        for link in kept
    ]
    return {"rows": rows, "cut": cut}


def strength(entry: Entry, references: References, rule: Rule) -> Row:
    """How sure the entry's findings are, in the words of its page, with the sources that decide it."""
    told = told_strength_of(entry, rule)
    evidence = {link.evidence.key: link.evidence for link in entry.evidence_links.all()}
    kept, cut = cut_rows([one for one in told.findings if one.decides])
    return {
        "text": told.text,
        "level": told.level,
        "rests_on": [{"text": clean_line(one.text), "source": references.cite(evidence[one.key])} for one in kept],
        "cut": cut,
        "limits": [clean_line(sentence) for sentence in told.limits],
        "step": told.step,
        "check": clean_line(told.check),
        "rule_version": told.rule_version,
    }


def unsourced_statements(entry: Entry) -> Row:
    kept, cut = cut_rows(list(entry.claims.all()))
    rows = [{"statement": clean_line(claim.statement), "said_by": clean_line(claim.said_by)} for claim in kept]
    return {"rows": rows, "cut": cut}

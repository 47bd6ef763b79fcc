"""Freeze what a pack says: everything the document needs, as plain data, read once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings

from portal.adoption.reading import Reading, read_adoption
from portal.adoption.uptake import stage_reached
from portal.briefings import facts, sections
from portal.briefings.for_us import ForUs, with_ranges
from portal.briefings.limits import clean_line, paragraphs
from portal.briefings.made_with import made_with
from portal.briefings.references import References
from portal.briefings.totals import totals_section
from portal.catalogue.cards import headline_figure
from portal.catalogue.models import Entry
from portal.catalogue.querysets import EntryQuerySet
from portal.core.formatting import format_date
from portal.core.templatetags.components import figure_text, period_text, place_text
from portal.evidence.calculations import Rule
from portal.evidence.models import RuleInForce

TEMPLATES = settings.BASE_DIR / "templates" / "briefings" / "pack"


def whole_entries() -> EntryQuerySet:
    """Public entries with all that a document says of them; the number of queries doesn't grow with the entries."""
    return (
        Entry.objects.public()
        .select_related("innovation", "casestudy")
        .for_page()
        .prefetch_related(
            "figures__evidence__known_through",
            "adoption_records__organisation",
            "adoption_records__evidence__known_through",
            "coverage_claims__place",
            "coverage_claims__evidence__known_through",
            "innovation__kinds",
            "innovation__programmes",
            "casestudy__participants",
            "casestudy__learning_points",
            "casestudy__innovations_used",
        )
    )


def read_entries(slugs: Sequence[str]) -> list[Entry]:
    """Return the public entries with these slugs, in this order.

    Inside a transaction the rows are held (PostgreSQL), so that no figure of a later version slips
    in between two of the queries.
    """
    entries = whole_entries().filter(slug__in=slugs).order_by("pk").select_for_update(of=("self",), no_key=True)
    found = {entry.slug: entry for entry in entries}
    return [found[slug] for slug in slugs if slug in found]


def build_snapshot(
    *, entries: Sequence[Entry], title: str, purpose: str, as_at: date, for_us: Mapping[str, ForUs] | None = None
) -> dict[str, Any]:
    """Return the frozen content of a pack; `purpose` is the label that stands on its cover."""
    references, rule = References(), RuleInForce.objects.rule()
    adoption = read_adoption(day=as_at, entries=[entry.pk for entry in entries])
    rows = [_entry(number, entry, references, rule, adoption) for number, entry in enumerate(entries, start=1)]
    rows = with_ranges(rows, entries, for_us or {}, references)
    return {
        "made_with": made_with(TEMPLATES),
        "title": clean_line(title),
        "purpose": purpose,
        "as_at": as_at.isoformat(),
        "as_at_text": format_date(as_at),
        "site_name": settings.SITE_NAME,
        "site_address": settings.SITE_URL,
        "totals": totals_section(entries, as_at=as_at),
        "entries": rows,
        "references": references.rows(),
    }


def _entry(number: int, entry: Entry, references: References, rule: Rule, adoption: Reading) -> dict[str, Any]:
    stage = stage_reached([*entry.adoption_records.all(), *entry.coverage_claims.all()])
    return {
        "number": number,
        "slug": entry.slug,
        "version": entry.version,
        "kind": entry.get_kind_display(),
        "title": clean_line(entry.title),
        "address": settings.SITE_URL + entry.get_absolute_url(),
        "summary": paragraphs(entry.summary),
        "headline": _headline(entry),
        "stage": stage.get_stage_display() if stage else "",
        "particulars": sections.particulars(entry),
        "opening": sections.opening_passages(entry),
        "figure_groups": facts.figure_groups(entry.figures.all(), references),
        "statements": facts.unsourced_statements(entry),
        "coverage": facts.coverage(adoption.of(entry.pk)),
        "records": facts.adoption_records(entry.adoption_records.all(), references),
        "claims": facts.coverage_claims(entry.coverage_claims.all(), references),
        "strength": facts.strength(entry, references, rule),
        "evidence": facts.evidence_rows(entry, references),
        "learning": sections.learning(entry),
        "closing": sections.closing_passages(entry),
    }


def _headline(entry: Entry) -> dict[str, Any] | None:
    figure = headline_figure(entry.figures.all())
    if figure is None:
        return None
    potential = "Potential" if figure.achievement == "potential" else ""
    return {
        "figure": figure_text(figure),
        "label": clean_line(figure.label),
        "about": ", ".join(part for part in [potential, figure.get_basis_display().lower()] if part).capitalize(),
        "period": period_text(figure),
        "place": place_text(figure),
    }


def content_hash(data: dict[str, Any]) -> str:
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()

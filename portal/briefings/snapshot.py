"""Freeze what a pack says: everything the document needs, as plain data, read once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from portal.adoption.reading import Reading, read_adoption
from portal.adoption.uptake import stage_reached
from portal.briefings import facts, front, notes, sections, uptake_facts
from portal.briefings.for_us import with_ranges
from portal.briefings.limits import clean_line, clean_title, paragraphs
from portal.briefings.made_with import made_with
from portal.briefings.models import BriefingPack
from portal.briefings.options import PackOptions
from portal.briefings.references import References
from portal.briefings.stamps import content_hash as content_hash
from portal.briefings.totals import totals_among, totals_section, workings_of
from portal.catalogue.cards import headline_figure
from portal.catalogue.entry_page import numbered_sources
from portal.catalogue.models import Entry
from portal.catalogue.querysets import EntryQuerySet
from portal.core.formatting import format_date
from portal.core.templatetags.components import figure_text, period_text, place_text
from portal.evidence.calculations import Rule
from portal.evidence.models import RuleInForce
from portal.organisations.models import Organisation
from portal.organisations.tiles import Spot, spots_on

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
    *, entries: Sequence[Entry], options: PackOptions, as_at: date, since: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the frozen content of a pack of these entries; `since` is what moved after an earlier issue."""
    references, totals = References(), totals_among(entries, as_at=as_at)
    shared = _Shared(
        references=references,
        rule=RuleInForce.objects.rule(),
        adoption=read_adoption(day=as_at, entries=[entry.pk for entry in entries]),
        tiles=spots_on(as_at) if "adoption" in options.sections else [],
        workings=workings_of(totals, entries),
        sections=options.sections,
    )
    rows = [_entry(number, entry, shared) for number, entry in enumerate(entries, start=1)]
    rows = with_ranges(rows, entries, options.for_us, references)
    for number, entry in enumerate(entries, start=1):
        references.match(number, {source.link.evidence_id: source.number for source in numbered_sources(entry)})
    added_up = totals_section(totals, entries)
    data = {
        **_choices(options, as_at),
        "made_with": made_with(TEMPLATES),
        "as_at": as_at.isoformat(),
        "as_at_text": format_date(as_at),
        "site_name": settings.SITE_NAME,
        "site_address": settings.SITE_URL,
        "summary": front.summary(entries, rows, added_up),
        "implications": front.implications(entries, rows),
        "totals": added_up,
        "entries": rows,
        "references": references.rows(),
        "assumptions": notes.assumptions(added_up, rows, as_at_text=f"as at {format_date(as_at)}"),
        "measures": notes.measures_used(entries),
        "since": since,
    }
    return {**data, "cut": notes.left_out_for_length(data)}


def _choices(options: PackOptions, as_at: date) -> dict[str, Any]:
    """Return what whoever asked for the pack decided, in words."""
    audience = Organisation.objects.filter(code=options.audience).first() if options.audience else None
    return {
        "title": clean_title(options.title),
        "purpose": str(BriefingPack.Purpose(options.purpose).label),
        "audience": clean_line(audience.display_name) if audience else "",
        "author_line": clean_line(options.author_line),
        "on_text": format_date(options.on or as_at),
        "recommendation": paragraphs(options.recommendation),
        "sections": list(options.sections),
    }


@dataclass(frozen=True)
class _Shared:
    """What all entries of a pack draw from, read once."""

    references: References
    rule: Rule
    adoption: Reading
    tiles: Sequence[Spot]
    workings: Mapping[str, Any]
    sections: Collection[str]


def _entry(number: int, entry: Entry, shared: _Shared) -> dict[str, Any]:
    references, adoption = shared.references, shared.adoption.of(entry.pk)
    shows_adoption, shows_evidence = "adoption" in shared.sections, "evidence" in shared.sections
    stage = stage_reached([*entry.adoption_records.all(), *entry.coverage_claims.all()])
    records = entry.adoption_records.all() if shows_adoption else []
    claims = entry.coverage_claims.all() if shows_adoption else []
    figure_groups = facts.figure_groups(entry.figures.all(), references, shared.workings)
    strength, evidence = facts.strength_and_evidence(entry, references, shared.rule, with_evidence=shows_evidence)
    return {
        "number": number,
        "slug": entry.slug,
        "version": entry.version,
        "kind": entry.get_kind_display(),
        "title": clean_title(entry.title),
        "address": settings.SITE_URL + entry.get_absolute_url(),
        "version_address": settings.SITE_URL + entry.get_version_url(entry.version),
        "summary": paragraphs(entry.summary),
        "headline": _headline(entry),
        "stage": stage.get_stage_display() if stage else "",
        "particulars": sections.particulars(entry),
        "contact": sections.contact(entry),
        "opening": sections.opening_passages(entry),
        "figure_groups": figure_groups,
        "statements": facts.unsourced_statements(entry),
        "coverage": uptake_facts.coverage(adoption),
        "map": uptake_facts.board_map(adoption, shared.tiles),
        "records": uptake_facts.adoption_records(records, references),
        "claims": uptake_facts.coverage_claims(claims, references),
        "strength": strength,
        "evidence": evidence,
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

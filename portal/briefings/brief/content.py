"""What a brief may say of an entry, as plain data: the layout shows as much of it as two pages hold."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import timezone

from portal.adoption.documents import AdoptionFacts, adoption_facts
from portal.adoption.uptake import stage_reached
from portal.briefings import facts, sections
from portal.briefings.limits import clean_line, paragraphs
from portal.briefings.made_with import made_with
from portal.briefings.references import References, strength_line
from portal.briefings.snapshot import content_hash, whole_entries
from portal.catalogue.cards import leading_figures
from portal.catalogue.models import CatalogueVersion, Entry
from portal.catalogue.strength import told_strength_of
from portal.core.formatting import capitalised, format_date, format_moment, format_partial_date
from portal.core.templatetags.components import claim_text, figure_text, lower_first, period_text, place_text
from portal.evidence.calculations import TOP
from portal.evidence.wording import ToldStrength

TEMPLATES = settings.BASE_DIR / "templates" / "briefings" / "brief"
HERE = Path(__file__).parent
MOST_FIGURES = 4
MOST_FINDINGS = 6
MOST_POINTS = 4
MOST_OF_A_TEXT = 3_000
"""No layout shows more of one text; what is longer needn't travel."""

KEY_FACTS = ("Also known as", "Themes", "System", "Period", "Status", "Supplier or lead", "Cost band", "NICE", "Scope")
AS_AT = ("as_at", "as_at_text")


def brief_of_published(pk: int) -> dict[str, Any]:
    """Return the brief of a public entry, all of one moment; raise Entry.DoesNotExist if it isn't public."""
    for _ in range(3):
        before = CatalogueVersion.now()
        data = _brief(whole_entries().get(pk=pk), _published_version)
        if CatalogueVersion.now() == before:
            break
    return data


def brief_of_draft(draft: Entry) -> dict[str, Any]:
    """Return the brief of a draft in memory, marked as one."""
    prefetch_related_objects(list(draft.figures.all()), "measure", "place", "evidence__known_through")
    prefetch_related_objects(list(draft.evidence_links.all()), "evidence__known_through")
    prefetch_related_objects([draft], "adoption_records__organisation", "adoption_records__evidence__known_through")
    prefetch_related_objects([draft], "coverage_claims__evidence__known_through")
    return {**_brief(draft, _draft_version), "is_draft": True}


def hash_of(data: dict[str, Any]) -> str:
    """Hash what a brief says. The day on which it was asked for is no part of it."""
    return content_hash({key: value for key, value in data.items() if key not in AS_AT})


def _brief(entry: Entry, version_of: Callable[[Entry], dict[str, str]]) -> dict[str, Any]:
    references, today, strength = References(), timezone.localdate(), told_strength_of(entry)
    figures = [_figure(figure, references) for figure in leading_figures(entry.figures.all(), at_most=MOST_FIGURES)]
    told = adoption_facts([entry.pk], day=today, rows=0)[entry.pk]
    return {
        "made_with": made_with(TEMPLATES, HERE),
        "as_at": today.isoformat(),
        "as_at_text": format_date(today),
        "site_name": settings.SITE_NAME,
        "site_address": settings.SITE_URL,
        "kind": entry.get_kind_display(),
        "title": clean_line(entry.title),
        "network": entry.owner_network.display_name if entry.owner_network else "",
        "contact": clean_line(entry.contact_role),
        "overdue": _overdue(entry, today),
        "is_public": entry.live,
        "address": settings.SITE_URL + entry.get_absolute_url(),
        **version_of(entry),
        "summary": _texts(entry.summary),
        "caveats": _texts(entry.caveats),
        "figures": figures,
        "count_of_figures": len(entry.figures.all()),
        "adoption": _adoption(entry, told, references),
        "strength": _strength(strength),
        "passages": [_passage(one) for one in sections.opening_passages(entry)],
        "facts": _key_facts(entry),
        "needs": _texts(entry.what_it_needs),
        "may_not_work": _texts(entry.where_it_may_not_work),
        "learning": [_learning(one) for one in sections.learning(entry)],
        "findings": _findings(entry, strength, references),
        "count_of_sources": len(_sources(entry)),
        "references": references.rows(),
    }


def _texts(text: str) -> list[str]:
    return paragraphs(text[:MOST_OF_A_TEXT])


def _published_version(entry: Entry) -> dict[str, str]:
    day = f", published {format_date(timezone.localdate(entry.last_published_at))}" if entry.last_published_at else ""
    return {
        "version_text": f"Version {entry.version}{day}",
        "version_address": settings.SITE_URL + entry.get_version_url(entry.version) if entry.version else "",
    }


def _draft_version(draft: Entry) -> dict[str, str]:
    revision = draft.latest_revision
    changed = f", changed on {format_moment(revision.created_at)}" if revision else ""
    readers = f"; readers see version {draft.version}" if draft.live and draft.version else ""
    return {"version_text": f"Draft{changed}{readers}", "version_address": ""}


def _overdue(entry: Entry, today: date) -> str:
    due = entry.next_review_on
    return f"The review of this entry was due on {format_date(due)}." if due and due < today else ""


def _figure(figure: Any, references: References) -> dict[str, Any]:
    potential = "Potential" if figure.achievement == "potential" else "Achieved"
    condition = facts.conditions(figure)[0]
    return {
        "figure": figure_text(figure),
        "label": clean_line(figure.label),
        "about": f"{potential}, {figure.get_basis_display().lower()}.",
        "condition": clean_line(condition),
        "period": clean_line(period_text(figure)),
        "place": capitalised(clean_line(place_text(figure))),
        "source": references.cite(figure.evidence),
    }


def _adoption(entry: Entry, facts: AdoptionFacts, references: References) -> dict[str, Any] | None:
    """Say in one line how far it has got, with the source of that, and then its coverage."""
    reached = stage_reached([*entry.adoption_records.all(), *entry.coverage_claims.all()])
    if reached is None:
        return None
    told, when = (_claim(reached), reached.as_at) if hasattr(reached, "group") else (_record(reached), reached.on)
    return {
        "stage": reached.get_stage_display(),
        "text": told,
        "when": format_partial_date(when),
        "source": references.cite(reached.evidence),
        "coverage": facts.coverage,
        "coverage_of": facts.about,
        "stops": facts.stops,
        "named": facts.reported,
    }


def _claim(claim: Any) -> str:
    share = claim_text(claim)
    return clean_line(f"{claim.group}: {lower_first(share)}" if share else claim.group)


def _record(record: Any) -> str:
    return clean_line(record.organisation.display_name)


def _sources(entry: Entry) -> set[int]:
    """Return the ids of all evidence that the entry's page cites."""
    cited: Any = (entry.evidence_links, entry.figures, entry.adoption_records, entry.coverage_claims)
    return {row.evidence_id for rows in cited for row in rows.all() if row.evidence_id}


def _strength(told: ToldStrength) -> dict[str, Any]:
    return {
        "level": told.level,
        "of": TOP,
        "text": told.text,
        "limits": [clean_line(sentence) for sentence in told.limits],
        "step": clean_line(told.step),
        "rule_version": told.rule_version,
    }


def _passage(passage: dict[str, Any]) -> dict[str, Any]:
    return {"heading": passage["heading"], "text": " ".join(passage["paragraphs"])[:MOST_OF_A_TEXT]}


def _learning(one: dict[str, Any]) -> dict[str, Any]:
    items = [text[:MOST_OF_A_TEXT] for text in one["items"][:MOST_POINTS]]
    return {"heading": one["heading"], "note": one["note"], "items": items, "count": len(one["items"])}


def _key_facts(entry: Entry) -> list[dict[str, str]]:
    told = {one["term"]: one["text"][:MOST_OF_A_TEXT] for one in sections.particulars(entry)}
    return [{"term": term, "text": told[term]} for term in KEY_FACTS if term in told]


def _findings(entry: Entry, told: ToldStrength, references: References) -> list[dict[str, Any]]:
    """What the sources found, those first on which the strength rests."""
    links = [link for link in entry.evidence_links.all() if link.finding]
    chosen = _strongest_first(links, told)[:MOST_FINDINGS]
    return [
        {
            "title": clean_line(link.evidence.title),
            "about": strength_line(link.evidence),
            "finding": clean_line(link.finding[:MOST_OF_A_TEXT]),
            "source": references.cite(link.evidence),
        }
        for link in chosen
    ]


def _strongest_first(links: Sequence[Any], told: ToldStrength) -> list[Any]:
    place = {finding.key: number for number, finding in enumerate(told.findings)}
    return sorted(links, key=lambda link: place.get(link.evidence.key, len(place)))

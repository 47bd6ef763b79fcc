"""A draft as a document: what `shapes` describes, as plain data."""

from typing import Any

from django.db.models import prefetch_related_objects

from casestudies.models import CaseStudy
from portal.benefits.models import BenefitFigure
from portal.catalogue.models import Entry
from portal.core.formatting import exact_number
from portal.exchange.drafts.shapes import FIGURE, PLACES, PLAIN, TAGS


def document_of(draft: Any) -> dict[str, Any]:
    """Return all that a program may write of a draft, as it stands in memory. A constant number of queries."""
    kinds = (Entry, type(draft))
    plain: dict[str, Any] = {name: getattr(draft, name) or None for model in kinds for name in PLAIN[model]}
    tags = {name: sorted(tag.slug for tag in getattr(draft, name).all()) for model in kinds for name in TAGS[model]}
    places = {name: sorted(place.code for place in getattr(draft, name).all()) for name in PLACES}
    return {
        "title": draft.title,
        **{name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in plain.items()},
        **tags,
        **places,
        "other_names": [row.name for row in _rows(draft.other_names)],
        "figures": [_figure(row) for row in _rows(draft.figures, "measure", "place", "evidence")],
        "evidence": [
            {"source": row.evidence.key, "finding": row.finding or None, "locator": row.locator or None}
            for row in _rows(draft.evidence_links, "evidence")
        ],
        "claims_without_source": [
            {"statement": row.statement, "said_by": row.said_by or None} for row in _rows(draft.claims)
        ],
        **(_of_case_study(draft) if isinstance(draft, CaseStudy) else {}),
    }


def _rows(children: Any, *points_at: str) -> list[Any]:
    """Return an entry's rows with what they point at, fetched at once: drafts are read from one text."""
    rows = list(children.all())
    if rows and points_at:
        prefetch_related_objects(rows, *points_at)
    return rows


def _figure(row: BenefitFigure) -> dict[str, Any]:
    return {
        "key": row.key or None,
        "label": row.label,
        "measure": row.measure.key,
        "unit": row.measure.unit,
        **{name: _number(getattr(row, name)) for name in ("value", "low", "high", "attribution_share")},
        **{name: getattr(row, name) or None for name in ("role", "basis", "achievement", *FIGURE)},
        "period": {
            "kind": row.period_kind or None,
            "start": _day(row.period_start),
            "end": _day(row.period_end),
            "note": row.period_note or None,
        },
        "place": {
            "code": row.place.code if row.place else None,
            "not_stated": row.place_not_stated,
            "note": row.place_note or None,
        },
        "source": row.evidence.key,
        "overlap_group": row.overlap_group or None,
    }


def _number(value: Any) -> str | None:
    return None if value is None else exact_number(value)


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _of_case_study(draft: CaseStudy) -> dict[str, Any]:
    return {
        "participants": [
            {
                "name": row.name,
                "role": row.role or None,
                "organisation": row.organisation.code if row.organisation else None,
            }
            for row in _rows(draft.participants, "organisation")
        ],
        "learning_points": [
            {"kind": row.kind, "barrier_kind": row.barrier_kind or None, "text": row.text}
            for row in _rows(draft.learning_points)
        ],
        "innovations_used": sorted(one.slug for one in draft.innovations_used.all()),
    }

"""A page of adoption as plain values, with the texts that people read."""

from typing import Any

from portal.adoption.models import CoverageClaim
from portal.adoption.pages import EntryAdoption
from portal.adoption.telling import Line


def as_json(page: EntryAdoption) -> dict[str, Any]:
    return {
        "entry": page.entry.slug,
        "title": page.entry.title,
        "as_at": page.asked.day.isoformat(),
        "period_of_confirmation_months": page.reading.months,
        "coverage": {"kind": page.group.key, "place": page.place_name, "about": page.about, **page.coverage.as_json()},
        "stops": page.stops,
        "by_kind": [{"kind": row.group.key, **row.coverage.as_json()} for row in page.groups],
        "by_place": [
            {"place": row.place.code, "name": row.place.name, "kind": row.place.kind, **row.coverage.as_json()}
            for _, rows in page.places
            for row in rows
        ],
        "organisations": [_row_as_json(line) for line in page.lines],
        "closed_without_known_successor": [row.organisation.code for row in page.closed],
        "claims": [_claim_as_json(claim) for claim in page.claims],
    }


def _row_as_json(line: Line) -> dict[str, Any]:
    row, record = line.row, line.record
    return {
        "organisation": row.organisation.code,
        "name": row.organisation.name,
        "stage": row.stage,
        "on": record.on or None,
        "stop_reason": record.stop_reason or None,
        "status": row.status,
        "verified": record.verified_at is not None,
    }


def _claim_as_json(claim: CoverageClaim) -> dict[str, Any]:
    return {
        "group": claim.group,
        "unit": claim.unit,
        "count": claim.count,
        "denominator": claim.denominator,
        "share_percent": str(claim.share_percent) if claim.share_percent is not None else None,
        "stage": claim.stage,
        "as_at": claim.as_at or None,
    }

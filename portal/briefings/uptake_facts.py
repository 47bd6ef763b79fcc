"""What a pack says of who has taken an entry up: coverage, a map of boards, groups and organisations."""

from collections.abc import Iterable, Sequence
from typing import Any

from portal.adoption.maps import tile_map
from portal.adoption.models import AdoptionRecord, CoverageClaim
from portal.adoption.reading import Adoption
from portal.adoption.telling import stops_of
from portal.briefings.facts import ended
from portal.briefings.limits import clean_line, cut_rows
from portal.briefings.references import References
from portal.core.formatting import format_date, format_partial_date
from portal.core.templatetags.components import claim_text
from portal.organisations.tiles import Spot, TileMap

Row = dict[str, Any]
EDGE = 2
"""Room around the map for half a line's breadth."""


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
        "on": format_partial_date(record.on) or "date not stated",
        "notes": [ended(note) for note in notes if note],
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
        "as_at": format_partial_date(claim.as_at) or "date not stated",
        "notes": [clean_line(claim.note)] if claim.note else [],
        "source": references.cite(claim.evidence),
    }


def board_map(adoption: Adoption, spots: Sequence[Spot]) -> Row | None:
    """Return the boards as tiles and the list that says the same; None where nothing was said of any."""
    if not adoption.has_events or not spots:
        return None
    drawn = tile_map(adoption, spots)
    if not any(tile.heard for tile in drawn.tiles):
        return None
    return {
        "title": drawn.title,
        "left": min(tile.x for tile in drawn.tiles) - EDGE,
        "width": drawn.width - min(tile.x for tile in drawn.tiles) + 2 * EDGE,
        "height": drawn.height + 2 * EDGE,
        "tiles": [
            {
                "x": tile.x,
                "y": tile.y,
                "letters": tile.letters,
                "live_of_all": tile.live_of_all,
                "fill": tile.fill,
                "ink": tile.ink,
                "heard": tile.heard,
            }
            for tile in drawn.tiles
        ],
        "legend": [{"fill": fill, "meaning": meaning} for fill, meaning in _legend(drawn)],
        "boards": [_board(tile) for tile in drawn.by_name if tile.heard],
        "silent": sum(not tile.heard for tile in drawn.tiles),
    }


def _legend(drawn: TileMap) -> list[tuple[str, str]]:
    """Return the shades that the map has, so that none is explained in vain."""
    used = {tile.fill for tile in drawn.tiles}
    return [(fill, meaning) for fill, meaning in drawn.legend if fill in used]


def _board(tile: Any) -> Row:
    return {
        "name": clean_line(tile.board.display_name),
        "letters": tile.letters,
        "text": f"{tile.coverage.live} of {tile.coverage.all} trusts known to be live" if tile.coverage.all else "",
        "itself": tile.of_board,
    }

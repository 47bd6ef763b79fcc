"""What the pages of adoption show, gathered once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from portal.adoption.calculations import Coverage, Standing
from portal.adoption.charts import charts_of_claims, spread_chart
from portal.adoption.choices import choose_kind, choose_place, choose_stage
from portal.adoption.kept import Kept, kept_organisations
from portal.adoption.maps import TileMap, tile_maps
from portal.adoption.models import AdoptionRecord, CoverageClaim
from portal.adoption.questions import PLACE_KINDS, Asked, read_question
from portal.adoption.reading import (
    Adoption,
    Group,
    Reading,
    claims_of,
    read_adoption,
)
from portal.adoption.telling import GroupRow, Line, PlaceRow, Row, by_group, by_place, is_at, rows_of, stops_of
from portal.catalogue.models import Entry
from portal.core.kept_pages import drawn_once
from portal.core.line_charts import LineChart
from portal.core.paging import ListPage, list_page
from portal.core.selects import Select
from portal.organisations.places import Place

PER_PAGE = 25
IN_A_PANEL = 10


@dataclass(frozen=True)
class EntryAdoption:
    """Who uses one entry, as at a day."""

    entry: Entry
    asked: Asked
    reading: Reading
    adoption: Adoption
    claims: list[CoverageClaim]
    list: ListPage
    lines: Sequence[Line]

    @property
    def group(self) -> Group:
        return self.asked.group or self.adoption.main_group

    @property
    def place(self) -> Place | None:
        return self.asked.place.pk if self.asked.place else None

    @cached_property
    def coverage(self) -> Coverage:
        return self.adoption.coverage(self.group, self.place)

    @property
    def place_name(self) -> str:
        return self.asked.place.display_name if self.asked.place else "England"

    @property
    def about(self) -> str:
        return f"of {self.group.counted(self.coverage.all)} in {self.place_name}"

    @cached_property
    def groups(self) -> Sequence[GroupRow]:
        return by_group(self.adoption)

    @property
    def stops(self) -> str:
        return stops_of(self.adoption, self.group, self.place)

    @property
    def on_the_ground(self) -> SafeString:
        """Return the maps and the tables by place: drawn anew when what was said, organisations or the question change.

        Most publications change what is written of an entry, and not who uses it.
        """
        said = tuple(self.adoption.story.events), self.adoption.organisations.mark

        def gather() -> dict[str, Any]:
            return {"maps": self.maps, "places": self.places, "group": self.group}

        return drawn_once("adoption/on_the_ground.html", (said, self.asked.day, self.group), gather)

    @cached_property
    def maps(self) -> Sequence[TileMap]:
        return tile_maps(self.reading, self.entry.pk)

    @cached_property
    def curve(self) -> LineChart | None:
        return spread_chart(self.adoption, self.group)

    @cached_property
    def claim_charts(self) -> Sequence[LineChart]:
        return charts_of_claims(self.claims)

    @cached_property
    def places(self) -> Sequence[tuple[str, Sequence[PlaceRow]]]:
        """Return the group's coverage by NHS region, board and network; a board is not parted by boards."""
        kinds = [kind for kind in PLACE_KINDS if kind != self.group.kind]
        found = [(str(kind.label), by_place(self.adoption, self.group, kind)) for kind in kinds]
        return [(label, rows) for label, rows in found if rows]

    @property
    def closed(self) -> Sequence[Row]:
        """Return adopters that closed without a known successor: they are counted nowhere, and so named."""
        return rows_of(self.adoption, self.adoption.standings.adopters_without_heirs())

    @cached_property
    def selects(self) -> Sequence[Select]:
        return [choose_kind(self.asked), choose_place(self.asked, self.reading), choose_stage(self.asked)]


def entry_adoption(
    entry: Entry, query: Mapping[str, str], *, per_page: int = PER_PAGE, kept: Kept | None = None
) -> EntryAdoption:
    """Gather who uses an entry, as its address asks; `kept` is what the caller has looked up already."""
    kept = kept or kept_organisations()
    asked = read_question(query, kept.organisations)
    reading = read_adoption(day=asked.day, entries=[entry.pk], kept=kept)
    adoption = reading.of(entry.pk)
    found = rows_of(adoption, _asked_for(adoption, asked))
    page = list_page(found, query if isinstance(query, QueryDict) else QueryDict(), per_page=per_page)
    records = AdoptionRecord.objects.for_rows().in_bulk([row.event for row in page.rows])
    lines = [Line(row, records[row.event]) for row in page.rows if row.event in records]
    return EntryAdoption(entry, asked, reading, adoption, claims_of(entry.pk, asked.day), page, lines)


def _asked_for(adoption: Adoption, asked: Asked) -> list[Standing]:
    """Return the standings that the list's filters leave: of every organisation when no kind is asked."""
    place = asked.place.pk if asked.place else None
    return [
        standing
        for standing in adoption.open_standings()
        if (asked.group is None or asked.group.holds(adoption.organisations.by_pk[standing.body]))
        and (place is None or place in adoption.places.above(standing.body))
        and is_at(standing, asked.stage)
    ]

"""Who is live, who is not and who is silent, on any day: plain values, no database."""

from portal.adoption.calculations.bodies import Bodies, Body
from portal.adoption.calculations.coverage import Coverage, Point, Stops, coverage_of, spread_over, stops_among
from portal.adoption.calculations.standings import Says, Standing, Standings, Story
from portal.adoption.calculations.values import JOURNEY, LIVE, Event, Periods, months_later

__all__ = [
    "JOURNEY",
    "LIVE",
    "Bodies",
    "Body",
    "Coverage",
    "Event",
    "Periods",
    "Point",
    "Says",
    "Standing",
    "Standings",
    "Stops",
    "Story",
    "coverage_of",
    "months_later",
    "spread_over",
    "stops_among",
]

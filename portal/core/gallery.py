"""What the components' gallery shows: each component with each of its variants.

Choices come from the models' registry, because core imports no floor above it.
"""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.apps import apps

from portal.core.charts import Amount, bar_chart
from portal.core.line_charts import Point, Series, line_chart
from portal.core.wording import Piece, compare_words


def gallery() -> dict[str, Any]:
    """Return the template's context; makes no query."""
    stages = apps.get_model("adoption", "AdoptionRecord")._meta.get_field("stage").choices
    bases = apps.get_model("benefits", "BenefitFigure")._meta.get_field("basis").choices
    pages = [{"number": number, "href": f"?page={number}", "current": number == 2} for number in (1, 2, 3)]
    return {
        "stages": stages,
        "bases": bases,
        "notice_kinds": ["success", "warning", "error", "info"],
        "figures": [_figure(basis, str(name)) for basis, name in bases or []],
        "totals": [_total(), _total(text="No figure can be counted", counted=0)],
        "chart": _chart(),
        "lines": _lines(),
        "map": _map(),
        "counted": [_row()],
        "left_out": [
            _row(key="left-out", why="It says the counted figure again, in other words.", displaced_by=_row().figure)
        ],
        "contradiction": SimpleNamespace(
            why="Several sources give one fact different values.", figures=[_sourced()] * 2
        ),
        "claims": [_sourced(said_by="The networks together", note="A total over all their programmes.")],
        "strengths": [(level, f"Strength {level} of 5: an example word") for level in range(6)],
        "for_us": _for_us(),
        "changes": _changes(),
        "no_changes": [],
        "select": _select(),
        "links": {"items": pages, "previous": {"href": "?page=1"}, "next": {"href": "?page=3"}},
    }


def _figure(basis: str, name: str) -> SimpleNamespace:
    """Return something that the figure components can show, without a row behind it."""
    return SimpleNamespace(
        value=Decimal(41000),
        low=None,
        high=None,
        counted="",
        per="year",
        qualifier="about",
        change="",
        label="Nursing hours released",
        measure=SimpleNamespace(unit="hours"),
        basis=basis,
        get_basis_display=name,
        period_kind="during",
        period_start=date(2023, 4, 1),
        period_end=date(2024, 3, 31),
        period_note="",
        place=None,
        place_note="an example place",
    )


def _sourced(**more: Any) -> SimpleNamespace:
    """Return a figure with all that a row of a ledger says of it."""
    figure = _figure("observed", "Observed")
    figure.__dict__.update(
        public_id="example",
        key="example",
        entry=SimpleNamespace(title="An example entry", get_absolute_url="/catalogue/"),
        evidence=SimpleNamespace(
            title="An example source", url="https://example.org/", publisher="Its publisher", published="2024-05"
        ),
        locator="page 12",
        achievement="achieved",
        get_gross_or_net_display="Net",
    )
    figure.__dict__.update(more)
    return figure


def _row(key: str = "example", why: str = "", displaced_by: Any = None) -> SimpleNamespace:
    figure = _sourced(key=key, public_id=key)
    return SimpleNamespace(figure=figure, counted_as="", note="", why=why, displaced_by=displaced_by)


def _asked() -> SimpleNamespace:
    return SimpleNamespace(
        basis="observed",
        basis_text="Observed",
        achievement_text="Achieved",
        period_text="2023/24",
        place=SimpleNamespace(display_name="England"),
        as_at_text="As at 1 April 2026",
    )


def _total(text: str = "At least 29,103 hours", counted: int = 12) -> SimpleNamespace:
    return SimpleNamespace(
        text=text,
        range_text="25,000 to 31,000 hours" if counted else "",
        caveats=["The sum holds both gross and net figures."] if counted else [],
        ledger=SimpleNamespace(counted=range(counted), left_out=range(14)),
        asked=_asked(),
    )


def _chart() -> Any:
    values = [("London", 4246, "4,246 people"), ("North East and Yorkshire", 1060, "About 1,060 people")]
    return bar_chart("example", "By region", [Amount(label, Decimal(value), text) for label, value, text in values])


def _lines() -> Any:
    """Return two lines, of which one is dashed."""
    days = [(date(2025, month, 1), f"1 {name} 2025") for month, name in ((3, "March"), (6, "June"), (9, "September"))]
    live = [Point(day, Decimal(value), when, str(value)) for (day, when), value in zip(days, (3, 9, 14), strict=True)]
    heard = [Point(day, Decimal(value), when, str(value)) for (day, when), value in zip(days, (5, 12, 22), strict=True)]
    series = [Series("known to be live", live), Series("last heard of as live", heard, dashed=True)]
    return line_chart("example-lines", "Spread over time", series)


def _map() -> SimpleNamespace:
    """Return a map of two boards: one is live itself, of the other nothing is known."""
    board = SimpleNamespace(code="QRL", display_name="An example board")
    coverage = SimpleNamespace(all=4, text="25% to 75%, 50% replied", working="1 live and 2 silent, of 4")
    live = {"x": 0, "y": 0, "letters": "AEB", "live_of_all": "1/4", "fill": "#003087", "ink": "#ffffff", "heard": True}
    silent = {"x": 60, "y": 0, "letters": "SB", "live_of_all": "0/4", "fill": "#ffffff", "ink": "#212b32"}
    known = {"board": board, "coverage": coverage}
    tiles = [
        SimpleNamespace(**live, **known, standing=SimpleNamespace(says="live"), of_board="The board itself: live"),
        SimpleNamespace(**silent, **known, heard=False, standing=SimpleNamespace(says="silent"), of_board=""),
    ]
    legend = [("#ffffff", "nothing known to be live"), ("#003087", "all live")]
    return SimpleNamespace(
        key="example", title="Boards", tiles=tiles, by_name=tiles, width=116, height=56, legend=legend
    )


def _for_us() -> list[dict[str, Any]]:
    """Return a panel that leads to a range, and one that says why there is none."""
    address = "/catalogue/"
    return [
        {"address": address, "sites": 2, "form": {"headcount": {"label": "How many ward patients?"}}},
        {"address": address, "why_not": "Only one site says for how many people its observed benefit was."},
    ]


def _changes() -> list[SimpleNamespace]:
    """Return a field changed, and a row of each sort: changed, added, removed."""
    summary = compare_words("It saves nurses 20 minutes a shift.", "It saves nurses about 15 minutes a shift.")
    value = ((Piece("41,000"),), (Piece("38,500"),))
    return [
        _field_change("Summary", *summary, group="The entry itself"),
        _row_change("changed", "Hours released corrected from 41,000 hours to 38,500 hours.", "Value", *value),
        _row_change("added", "Agency spend avoided, £12,000 (2023/24, Kent)", "Value", *value),
        _row_change("removed", "Shifts filled, 93% (2023/24, Kent)", "Value", *value),
    ]


def _field_change(label: str, before: Any, after: Any, **more: Any) -> SimpleNamespace:
    return SimpleNamespace(label=label, before=before, after=after, what="changed", **more)


def _row_change(what: str, text: str, *field: Any) -> SimpleNamespace:
    fields = [_field_change(*field)]
    return SimpleNamespace(
        relation="figures", group="Benefit figures", what=what, name=text, sentence=text, fields=fields
    )


def _select() -> SimpleNamespace:
    options = [SimpleNamespace(value="a", text="London", chosen=True), SimpleNamespace(value="b", text="Midlands")]
    return SimpleNamespace(
        name="example", label="Place", groups=[SimpleNamespace(label="NHS regions", options=options)]
    )

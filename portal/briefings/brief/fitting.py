"""How much of an entry two pages hold: by rules, with a word on what is left for the site.

Plain data in and out. Each page is laid out with the first of its rooms; where that takes another
page, with the next. The last holds whatever can be typed into an entry: a test lays out the worst.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
CUT = "…"


@dataclass(frozen=True)
class FirstPage:
    """What a layout of page one holds: characters of texts, and how many rows of lists.

    What a reader must know before quoting a figure gives way last.
    """

    title: int
    summary: int
    caveats: int
    figures: int
    figure: int
    line: int
    limits: int
    passages: int
    facts: int


@dataclass(frozen=True)
class SecondPage:
    """What a layout of page two holds; `points` are those under each heading of what was learnt."""

    text: int
    points: int
    findings: int
    finding: int
    line: int
    reference: int


FIRST_PAGES = (
    FirstPage(160, summary=500, caveats=800, figures=4, figure=60, line=160, limits=600, passages=900, facts=6),
    FirstPage(160, summary=500, caveats=800, figures=4, figure=60, line=150, limits=500, passages=600, facts=5),
    FirstPage(160, summary=500, caveats=800, figures=4, figure=60, line=140, limits=420, passages=300, facts=4),
    FirstPage(160, summary=450, caveats=800, figures=4, figure=60, line=130, limits=420, passages=0, facts=4),
    FirstPage(160, summary=400, caveats=700, figures=4, figure=60, line=120, limits=300, passages=0, facts=2),
    FirstPage(120, summary=340, caveats=420, figures=4, figure=50, line=100, limits=160, passages=0, facts=0),
    FirstPage(60, summary=160, caveats=140, figures=2, figure=24, line=40, limits=100, passages=0, facts=0),
)
SECOND_PAGES = (
    SecondPage(text=900, points=4, findings=6, finding=420, line=160, reference=260),
    SecondPage(text=700, points=3, findings=5, finding=340, line=150, reference=240),
    SecondPage(text=600, points=2, findings=4, finding=280, line=140, reference=220),
    SecondPage(text=400, points=1, findings=3, finding=220, line=110, reference=180),
    SecondPage(text=260, points=0, findings=2, finding=150, line=80, reference=140),
    SecondPage(text=160, points=0, findings=1, finding=100, line=50, reference=70),
)


def fit(data: Row, first: FirstPage, second: SecondPage) -> Row:
    """Return what a layout shows of a brief's data, its references numbered as they are read."""
    numbers = _Numbers(data["references"], second)
    figures = [_figure(row, first, numbers) for row in data["figures"][: first.figures]]
    adoption = _adoption(data["adoption"], first, numbers)
    findings = [_finding(row, second, numbers) for row in data["findings"][: second.findings]]
    strength = data["strength"]
    return {
        **data,
        "title": shorten(data["title"], first.title),
        "network": shorten(data["network"], first.line),
        "contact": shorten(data["contact"], second.line),
        "summary": shorten_all(data["summary"], first.summary),
        "caveats": shorten_all(data["caveats"], first.caveats),
        "figures": figures,
        "more_figures": data["count_of_figures"] - len(figures),
        "adoption": adoption,
        "strength": {
            **strength,
            "limits": shorten_all(strength["limits"], first.limits),
            "step": shorten(strength["step"], second.text),
        },
        "dial": dial(strength["level"], strength["of"]),
        "passages": _passages(data["passages"], first.passages),
        "facts": [{**one, "text": shorten(one["text"], first.line)} for one in data["facts"][: first.facts]],
        "needs": shorten_all(data["needs"], second.text),
        "may_not_work": shorten_all(data["may_not_work"], second.text),
        "learning": [_points(one, second) for one in data["learning"] if second.points],
        "findings": findings,
        "references": numbers.rows,
        "more_sources": data["count_of_sources"] - len(numbers.rows),
    }


def _points(one: Row, room: SecondPage) -> Row:
    items = [shorten(text, room.line) for text in one["items"][: room.points]]
    return {**one, "items": items, "more": one["count"] - len(items)}


class _Numbers:
    """Number the sources that are shown, and shorten what is said of each."""

    def __init__(self, references: list[Row], room: SecondPage) -> None:
        self._all = {row["number"]: row for row in references}
        self._new: dict[int, int] = {}
        self._room = room
        self.rows: list[Row] = []

    def of(self, number: int | None) -> int | None:
        if number is None:
            return None
        if number not in self._new:
            self._new[number] = len(self.rows) + 1
            self.rows.append(self._row(self._all[number], len(self.rows) + 1))
        return self._new[number]

    def _row(self, row: Row, number: int) -> Row:
        """The title is shortened, an address is left whole or out: half of one leads nowhere."""
        most = self._room.reference
        return {
            **row,
            "number": number,
            "title": shorten(row["title"], most),
            "publisher": shorten(row["publisher"], most // 2),
            "about": shorten(row["about"], most),
            "doi": row["doi"] if len(row["doi"]) <= most // 2 else "",
            "address": row["address"] if len(row["address"]) <= most else "",
        }


def _figure(row: Row, room: FirstPage, numbers: _Numbers) -> Row:
    lines = {name: shorten(row[name], room.line) for name in ("label", "condition", "period", "place")}
    return {**row, **lines, "figure": shorten(row["figure"], room.figure), "source": numbers.of(row["source"])}


def _adoption(row: Row | None, room: FirstPage, numbers: _Numbers) -> Row | None:
    if row is None:
        return None
    stops = shorten(row["stops"], room.line) if room.facts else ""
    text, source = shorten(row["text"], 2 * room.line), numbers.of(row["source"])
    return {**row, "text": text, "stops": stops, "is_explained": room.facts > 0, "source": source}


def _finding(row: Row, room: SecondPage, numbers: _Numbers) -> Row:
    return {
        **row,
        "title": shorten(row["title"], room.line),
        "finding": shorten(row["finding"], room.finding),
        "source": numbers.of(row["source"]),
    }


def _passages(passages: Iterable[Row], most: int) -> list[Row]:
    """Keep passages while there is room for a good part of the next."""
    kept: list[Row] = []
    for passage in passages:
        if most < 120:
            break
        text = shorten(passage["text"], most)
        kept.append({**passage, "text": text})
        most -= len(text)
    return kept


def is_cut(texts: list[str]) -> bool:
    return bool(texts) and texts[-1].endswith(CUT)


def shorten_all(texts: Iterable[str], most: int) -> list[str]:
    """Keep paragraphs up to so many characters together, the last one shortened."""
    kept: list[str] = []
    for text in texts:
        if most <= len(CUT):
            kept[-1] = kept[-1].rstrip(CUT) + CUT if kept else CUT
            break
        kept.append(shorten(text, most))
        most -= len(text)
    return kept


def shorten(text: str, most: int) -> str:
    """Cut a text after a word, where one ends in the second half of the room, and mark the cut."""
    if len(text) <= most:
        return text
    kept = text[: most - len(CUT)]
    before, _, _ = kept.rpartition(" ")
    return (before if len(before) > most // 2 else kept).rstrip(" ,;:.") + CUT


LENGTH_OF_DIAL = 75.4
"""Of an arc of 240 degrees with radius 18."""


def dial(level: int, of: int) -> str:
    """Return how long the filled part of the strength's dial is."""
    return f"{LENGTH_OF_DIAL * level / of:.1f}"

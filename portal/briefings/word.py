"""The pack as a Word document, for those who must edit it: headings, lists and tables that Word knows as such."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from portal.briefings import figure_table
from portal.briefings.presentation import ALL_SECTIONS

Row = Mapping[str, Any]
MARGIN = Mm(18)
TEXT_WIDTH = Mm(210) - 2 * MARGIN
STYLES = ("Normal", "Title", "Caption", "Heading 1", "Heading 2", "Heading 3")


def as_word(data: Mapping[str, Any]) -> bytes:
    """Return the document. The same data gives the same words; every number is the text of the PDF."""
    paper = _Paper(data)
    paper.front()
    paper.since()
    paper.totals()
    paper.comparison()
    for entry in data["entries"]:
        paper.entry(entry)
    paper.references()
    paper.notes()
    return paper.saved()


class _Paper:
    """A document being written, with the pack it is written from."""

    def __init__(self, data: Row) -> None:
        self.data = data
        self.shows = set(data.get("sections", ALL_SECTIONS))
        self.document = Document()
        self._set_up()

    def _set_up(self) -> None:
        properties, day = self.document.core_properties, datetime.fromisoformat(self.data["as_at"]).replace(tzinfo=UTC)
        properties.title, properties.author = self.data["title"], self.data["site_name"]
        properties.subject, properties.language = self.data["purpose"], "en-GB"
        properties.created = properties.modified = day
        for section in self.document.sections:
            section.page_width, section.page_height = Mm(210), Mm(297)
            section.left_margin = section.right_margin = MARGIN
        self._set_styles()
        footer = self.document.sections[0].footer.paragraphs[0]
        footer.text = ". ".join(text for name, text in figure_table.about(self.data) if name in IN_THE_FOOTER)

    def _set_styles(self) -> None:
        styles = self.document.styles
        for name in STYLES:
            # The template's styles take their letters from its theme, which goes before a font named here.
            letters = styles[name].element.get_or_add_rPr().get_or_add_rFonts().attrib
            for theme in [key for key in letters if "Theme" in key]:
                del letters[theme]
            styles[name].font.name = "Arial"
        styles["Normal"].font.size = Pt(10)
        styles["Caption"].font.color.rgb = styles["Normal"].font.color.rgb
        styles["Caption"].paragraph_format.space_before, styles["Caption"].paragraph_format.space_after = Pt(8), Pt(3)
        styles["Caption"].paragraph_format.keep_with_next = True

    def saved(self) -> bytes:
        file = io.BytesIO()
        self.document.save(file)
        return file.getvalue()

    # --- what everything is made of ---------------------------------------------------------

    def heading(self, text: str, level: int) -> None:
        self.document.add_heading(text, level)

    def text(self, *texts: str) -> None:
        for text in texts:
            self.document.add_paragraph(text)

    def points(self, texts: Sequence[str]) -> None:
        for text in texts:
            self.document.add_paragraph(text, style="List Bullet")

    def terms(self, pairs: Sequence[tuple[str, str]]) -> None:
        for term, text in pairs:
            paragraph = self.document.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(3)
            paragraph.add_run(f"{term}: ").bold = True
            paragraph.add_run(text)

    def table(self, caption: str, columns: Mapping[str, int], rows: Sequence[Sequence[str]], cut: str = "") -> None:
        """Write a table under its caption; the first row is its head, repeated on each page, and no row is split.

        `columns` are headings with their widths in parts.
        """
        self.document.add_paragraph(caption, style="Caption")
        table = self.document.add_table(rows=len(rows) + 1, cols=len(columns), style="Table Grid")
        table.autofit = False
        widths = [int(TEXT_WIDTH * parts / sum(columns.values())) for parts in columns.values()]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row, texts in zip(table.rows, [list(columns), *rows], strict=True):
            for cell, text, width in zip(row.cells, texts, widths, strict=True):
                cell.width, cell.text = width, text
                for run in cell.paragraphs[0].runs:
                    run.font.size = Pt(8.5)
            _say(row, "w:cantSplit")
        head = table.rows[0]
        for cell in head.cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True
        _say(head, "w:tblHeader")
        if cut:
            self.text(cut)

    # --- the pack, in the order of the PDF --------------------------------------------------

    def front(self) -> None:
        data = self.data
        self.heading(data["title"], 0)
        self.heading("Front sheet", 1)
        self.terms([pair for pair in figure_table.about(data) if pair[0] in ON_THE_FRONT])
        if "summary" in self.shows:
            self.heading("Summary", 2)
            self.points(data["summary"])
        self.heading("Recommendation", 2)
        self.text(*(data["recommendation"] or [NO_RECOMMENDATION]))
        if "implications" in self.shows:
            self.heading("Implications", 2)
            self.terms([(one["term"], one["text"]) for one in data["implications"]])
        left_out = [text for name, text in figure_table.about(data) if name == "Left out"]
        if left_out:
            self.heading("Left out of this pack", 2)
            self.points(left_out)

    def since(self) -> None:
        since = self.data.get("since")
        if not since:
            return
        issue = f"Issue {since['issue']}"
        self.heading(f"Since issue {since['issue']}", 1)
        if since["totals"]:
            rows = [[row["measure"], row["basis"], row["before"], row["after"]] for row in since["totals"]]
            self.table("Totals that moved", {"Measure": 4, "Basis": 2, issue: 3, "This issue": 3}, rows)
        for entry in since["entries"]:
            self.heading(entry["title"], 2)
            self.text(*filter(None, [CHANGES.get(entry["change"], "")]))
            if entry["figures"]:
                rows = [
                    [row["label"], row["period"], row["place"], row["before"], row["after"]] for row in entry["figures"]
                ]
                columns = {"What was counted": 4, "When": 3, "Where": 3, issue: 2, "This issue": 2}
                self.table("Figures that moved", columns, rows)
            self.points(entry["others"])

    def totals(self) -> None:
        totals = self.data["totals"]
        if not totals or "totals" not in self.shows:
            return
        self.heading(totals["heading"], 1)
        self.text(f"Benefits achieved in {totals['place']}, all dates. {totals['as_at_text']}.")
        for group in totals["bases"]:
            rows = [
                [
                    "\n".join([row["measure"], *row["notes"]]),
                    "\n".join(filter(None, [row["total"], row["range"], row["converted"]])),
                    str(row["counted"]),
                    row["why"] or "None",
                ]
                for row in group["rows"]
            ]
            self.table(group["basis"], {"Measure": 4, "Total": 3, "Figures counted": 2, "Left out, and why": 4}, rows)
        without = totals["without_total"]
        if without["count"]:
            self.text(f"{without['count']} figures of measures that add up are in no total: {without['why']}.")
        self.text(*filter(None, [totals["working_time"]]))

    def comparison(self) -> None:
        entries = self.data["entries"]
        if len(entries) < 2 or "comparison" not in self.shows:
            return
        self.heading("The entries side by side", 1)
        rows = [
            [
                f"{entry['number']}. {entry['title']}\n{entry['kind']}",
                _headline(entry["headline"]),
                entry["stage"] or "Not stated",
                entry["strength"]["text"],
            ]
            for entry in entries
        ]
        columns = {"Entry": 3, "Benefit reported": 5, "Furthest stage": 2, "How sure": 3}
        self.table("The first benefit of each entry", columns, rows)

    def entry(self, entry: Row) -> None:
        self.heading(f"{entry['number']}. {entry['title']}", 1)
        self.text(entry["kind"], *entry["summary"])
        self.terms(
            [
                ("Benefit reported", _headline(entry["headline"]).replace("\n", ". ")),
                ("Furthest stage", entry["stage"] or "Not stated"),
                ("How sure that is", entry["strength"]["text"]),
            ]
        )
        if entry["opening"]:
            self.heading("What it is", 2)
            self.terms([(one["heading"], " ".join(one["paragraphs"])) for one in entry["opening"]])
        self.heading("Figures", 2)
        for group in entry["figure_groups"]:
            self.table(group["title"], FIGURE_COLUMNS, [_figure(row) for row in group["rows"]], group["cut"])
        if not entry["figure_groups"]:
            self.text("No figure with a source is stated.")
        self.for_us(entry.get("for_us"))
        if entry["statements"]["rows"]:
            self.heading("Claims, no source given", 3)
            self.points([_claim(claim) for claim in entry["statements"]["rows"]])
        if "adoption" in self.shows:
            self.adoption(entry)
        if "evidence" in self.shows:
            self.evidence(entry)
        self.closing(entry)

    def for_us(self, told: Row | None) -> None:
        if not told:
            return
        self.heading("What could this mean for us?", 2)
        self.text(f"Asked for {told['whom']}.", *filter(None, [told["why_not"]]))
        for one in told["ranges"]:
            self.terms([(one["title"], f"{one['text']}. {told['indicative']}")])
            rows = [
                [row["place"], f"{row['figure']}\n{row['label']}", row["people"], row["period"], row["rate"]]
                for row in one["rows"]
            ]
            columns = {"Site": 3, "Observed there": 4, "For how many people": 3, "When": 2, "A year for each": 2}
            self.table("What the sites observed", columns, rows, one["cut"])
            self.points(one["assumptions"])

    def adoption(self, entry: Row) -> None:
        self.heading("Who has taken it up", 2)
        if coverage := entry["coverage"]:
            self.text(f"{coverage['text']}, {coverage['about']}, as at {coverage['as_at']}. {coverage['working']}.")
        if boards := entry.get("map"):
            self.points([f"{board['name']}: {board['itself'] or board['text']}" for board in boards["boards"]])
        claims, records = entry["claims"], entry["records"]
        if claims["rows"]:
            rows = [
                [_noted(row["group"], row), row["text"], f"{row['stage']}, {row['as_at']}", _source(row)]
                for row in claims["rows"]
            ]
            columns = {"Group": 12, "How many": 6, "Stage and date": 6, "Source": 3}
            self.table("Stated for groups, never added to the organisations named", columns, rows, claims["cut"])
        if records["rows"]:
            rows = [
                [_noted(row["organisation"], row), f"{row['stage']}, {row['on']}", _source(row)]
                for row in records["rows"]
            ]
            columns = {"Organisation": 18, "Stage and date": 6, "Source": 3}
            self.table("Organisations named", columns, rows, records["cut"])
        if not claims["rows"] and not records["rows"]:
            self.text("Not stated")

    def evidence(self, entry: Row) -> None:
        self.heading("How sure that is, and why", 2)
        strength = entry["strength"]
        self.text(" ".join([f"{strength['text']}.", *strength["limits"]]), *filter(None, [strength["step"]]))
        self.points(
            [
                f"{row['title']} [{row['source']}]. {row['strength']} {' '.join(row['finding'])}"
                for row in entry["evidence"]["rows"]
            ]
        )

    def closing(self, entry: Row) -> None:
        for one in entry["learning"]:
            self.heading(one["heading"], 2)
            self.points(one["items"])
        for passage in entry["closing"]:
            if "needs" in self.shows or passage["heading"] != "What it needs from you":
                self.heading(passage["heading"], 2)
                self.text(*(passage["paragraphs"] or ["Not stated"]))
        self.heading("Who to ask, and where this is kept", 2)
        self.text(f"{entry['contact'] or 'No role to contact is stated'}. {entry['version_address']}")
        self.terms([(one["term"], one["text"]) for one in entry["particulars"]])

    def references(self) -> None:
        self.heading("References", 1)
        for one in self.data["references"]:
            parts = [one["title"], one["publisher"], one["published"], one["about"], one["doi"], one["address"]]
            self.text(f"{one['number']}. " + ". ".join(part for part in parts if part))

    def notes(self) -> None:
        if "assumptions" in self.shows:
            self.heading("Assumptions and limits", 1)
            self.points(self.data["assumptions"])
        measures = self.data["measures"]
        if "glossary" in self.shows and measures["rows"]:
            self.heading("The measures used", 1)
            rows = [[one["name"], one["text"], f"{one['unit']}. {one['adds']}"] for one in measures["rows"]]
            columns = {"Measure": 3, "What it counts": 7, "Unit, and adding up": 3}
            self.table("What each counts, in what unit", columns, rows, measures["cut"])


LINK = "Permanent link"
ON_THE_FRONT = ("Briefing pack", "Version", "Purpose", "Paper for", "Prepared by", "Date", "Content as at", LINK)
IN_THE_FOOTER = ("Title", "Briefing pack", "Version", LINK)
NO_RECOMMENDATION = "This pack makes no recommendation: none was written by whoever asked for it."
CHANGES = {"added": "New in this issue.", "removed": "No longer in the pack."}
FIGURE_COLUMNS = {"What was counted": 10, "Figure": 5, "Basis": 4, "When": 5, "Where": 5, "Source": 3}


def _figure(row: Row) -> list[str]:
    label = "\n".join(filter(None, [row["label"], " ".join(row["notes"]), row["ledger"]]))
    return [label, row["figure"], row["basis"], row["period"], row["place"], _source(row)]


def _headline(headline: Row | None) -> str:
    if headline is None:
        return "No figure stated"
    return f"{headline['figure']}\n{headline['label']}. {headline['about']}. {headline['period']}. {headline['place']}"


def _noted(text: str, row: Row) -> str:
    return "\n".join([text, *row["notes"]])


def _source(row: Row) -> str:
    return str(row["source"]) if row["source"] else "None"


def _claim(claim: Row) -> str:
    return f"{claim['statement']} ({claim['said_by']})" if claim["said_by"] else str(claim["statement"])


def _say(row: Any, name: str) -> None:
    """Set one of Word's switches of a table's row."""
    switch = OxmlElement(name)
    switch.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(switch)

"""A pack in every format: the same numbers, the same words, safe to open."""

import csv
import io
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm
from openpyxl import load_workbook
from pypdf import PdfReader

from portal.briefings.figure_table import COLUMNS
from portal.briefings.formats import FORMATS
from portal.briefings.rendering import render_pack
from portal.briefings.stamps import stamp
from portal.briefings.twin import write_twin
from portal.briefings.word import TEXT_WIDTH
from portal.catalogue.models import Entry
from tests.briefings.samples import full_entry, quoted_figure, snapshot_of
from tests.factories import InnovationFactory, MeasureFactory, add_figure

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def squeezed(text: str) -> str:
    return "".join(text.split())


def words_of_word(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return squeezed(" ".join([*(paragraph.text for paragraph in document.paragraphs), *cells]))


def cells_of(content: bytes, sheet: str) -> list[tuple[Any, ...]]:
    return list(load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True))


def lines_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def two_entries(england: Any, hours: Any) -> tuple[Entry, Entry]:
    """Two entries whose hours add up, with a rate, a range, and a figure that an overlap keeps out."""
    first, second = full_entry(1, title="Shared rota app"), full_entry(2, title="Regional staff bank")
    quoted_figure(first)
    add_figure(first, measure=hours, place=england, value=Decimal("29103.5"), qualifier="more_than", gross_or_net="net")
    add_figure(first, measure=hours, place=england, value=Decimal(12), label="Hours again")
    add_figure(second, measure=hours, place=england, value=Decimal(50), low=Decimal(40), high=Decimal(60))
    return first, second


def test_the_same_figure_and_the_same_total_stand_in_every_format(england: Any, hours: Any) -> None:
    data = snapshot_of(*two_entries(england, hours))
    pdf = squeezed(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(render_pack(data))).pages))
    page, word = squeezed(unescape(write_twin(data))), words_of_word(FORMATS["docx"].write(data))
    book, lines = FORMATS["xlsx"].write(data), lines_of(FORMATS["csv"].write(data))

    rows = [row for entry in data["entries"] for group in entry["figure_groups"] for row in group["rows"]]
    totals = [row for group in data["totals"]["bases"] for row in group["rows"]]
    assert "At least 29,153.5 hours" in [row["total"] for row in totals]
    for text in [row["figure"] for row in rows] + [row["total"] for row in totals] + data["summary"]:
        assert squeezed(text) in pdf, text
        assert squeezed(text) in page, text
        assert squeezed(text) in word, text

    sheet = [dict(zip(COLUMNS, row, strict=True)) for row in cells_of(book, "Figures")[1:]]
    assert [line["text"] for line in lines] == [*(row["total"] for row in totals), *(row["figure"] for row in rows)]
    assert [row["text"] for row in sheet] == [line["text"] for line in lines]
    for row, line in zip(sheet, lines, strict=True):
        assert Decimal(str(row["value"])) == Decimal(line["value"])
    exact = {line["figure"]: line for line in lines}
    for row in rows:
        told = exact[row["id"]]
        assert (told["value"], told["unit"]) == (row["exact"]["value"], row["exact"]["unit"])
        assert (told["period"], told["place"]) == (row["period"], row["place"])
        assert (told["bucket"], told["why"]) == (row["working"]["bucket"], row["working"]["why"])


def test_each_figure_stands_with_what_the_ledger_did_with_it(england: Any, hours: Any) -> None:
    data = snapshot_of(*two_entries(england, hours))
    lines = [line for line in lines_of(FORMATS["csv"].write(data)) if line["bucket"] != "total"]
    again = next(line for line in lines if line["label"] == "Hours again")
    assert (again["bucket"], again["reason"]) == ("left_out", "Overlaps a counted figure")
    counted = next(line for line in lines if line["figure"] == again["displaced_by"])
    assert (counted["bucket"], counted["text"]) == ("counted", "More than 29,103.5 hours")
    assert "more than 29,103.5 hours" in again["why"]


def test_every_format_names_its_issue_version_and_link() -> None:
    data = snapshot_of(full_entry(1))
    version = stamp(data)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render_pack(data))).pages]
    for number, text in enumerate(pages):
        assert version in text, number
        assert data["address"] in squeezed(text), number
    assert version in write_twin(data)
    assert version in words_of_word(FORMATS["docx"].write(data))
    about = dict(cells_of(FORMATS["xlsx"].write(data), "About"))
    assert (about["Briefing pack"], about["Version"], about["Permanent link"]) == (
        "7, issue 1",
        version,
        data["address"],
    )


def test_no_cell_is_a_formula() -> None:
    entry = InnovationFactory(title="=1+1", published=True)
    add_figure(entry, label="=HYPERLINK(1)", note="+cmd", measure=MeasureFactory(name="@SUM"))
    data = snapshot_of(entry, title="=2+2")
    sheets = load_workbook(io.BytesIO(FORMATS["xlsx"].write(data)))
    assert not [cell for sheet in sheets for row in sheet for cell in row if cell.data_type == "f"]
    cells = [cell for line in csv.reader(io.StringIO(FORMATS["csv"].write(data).decode("utf-8-sig"))) for cell in line]
    assert not [cell for cell in cells if cell[:1] in "=+@" and cell]


def test_a_word_document_is_made_of_headings_and_tables_with_a_head_that_repeats() -> None:
    document = Document(io.BytesIO(FORMATS["docx"].write(snapshot_of(full_entry(1), full_entry(2)))))
    levels = [p.style.name for p in document.paragraphs if p.style.name.startswith(("Title", "Heading"))]
    assert levels[:3] == ["Title", "Heading 1", "Heading 2"]
    assert {"Heading 1", "Heading 2"} <= set(levels)
    assert document.core_properties.title == "Options for the board"
    assert document.core_properties.language == "en-GB"
    assert all(table.rows[0]._tr.trPr.xpath("./w:tblHeader") for table in document.tables)
    assert all(row._tr.trPr.xpath("./w:cantSplit") for table in document.tables for row in table.rows)
    widths = [sum(cell.width for cell in table.rows[0].cells) for table in document.tables]
    assert all(abs(width - TEXT_WIDTH) < Mm(1) for width in widths)
    assert document.styles["Caption"].paragraph_format.keep_with_next


def test_sections_that_are_off_are_in_no_format() -> None:
    entry = full_entry(1)
    data = snapshot_of(entry, full_entry(2), sections=("summary",))
    texts = [
        squeezed(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(render_pack(data))).pages)),
        squeezed(write_twin(data)),
        words_of_word(FORMATS["docx"].write(data)),
    ]
    for text in texts:
        assert "Frontsheet" in text
        assert "Summary" in text
        for heading in ("Implications", "Theentriessidebyside", "Whohastakenitup", "Howsurethatis,andwhy"):
            assert heading not in text, heading
        for heading in ("Whatitneedsfromyou", "Assumptionsandlimits", "Themeasuresused"):
            assert heading not in text, heading
        assert "Whereitmaynotwork" in text
        assert "References" in text

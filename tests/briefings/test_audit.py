"""The audit of a finished document: each thing that it should have is missed when it is taken out."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from portal.briefings.audit import MOST_NAMED, audit
from portal.briefings.child import NOT_ACCESSIBLE, write_checked
from portal.briefings.rendering import render_pack
from tests.briefings.samples import full_entry, snapshot_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def pack(module_db: None) -> bytes:
    return render_pack(snapshot_of(full_entry(1), full_entry(2)))


def problems_after(pack: bytes, change: Callable[[pikepdf.Pdf], None]) -> list[str]:
    """What the audit says of a pack after it was changed by hand."""
    changed = io.BytesIO()
    with pikepdf.open(io.BytesIO(pack)) as document:
        change(document)
        document.save(changed)
    return audit(changed.getvalue()).problems


def test_a_pack_as_it_is_made_has_no_problem(pack: bytes) -> None:
    assert problems_after(pack, lambda document: None) == []


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("/Lang", "no language"),
        ("/MarkInfo", "not marked as tagged"),
        ("/StructTreeRoot", "no structure"),
        ("/Outlines", "no bookmarks"),
        ("/Metadata", "not declared as PDF/UA"),
        ("/ViewerPreferences", "title not shown"),
    ],
)
def test_it_names_what_the_document_lacks(pack: bytes, key: str, problem: str) -> None:
    assert problems_after(pack, lambda document: document.Root.__delitem__(key)) == [problem]


def test_it_names_a_missing_title(pack: bytes) -> None:
    assert problems_after(pack, lambda document: document.docinfo.__setitem__("/Title", "")) == ["no title"]


def elements(document: pikepdf.Pdf, kind: str) -> Iterator[Any]:
    """Yield the tags of a kind, in the order of the file."""
    for item in document.objects:
        if isinstance(item, Dictionary) and item.get("/Type") == Name.StructElem and item.get("/S") == kind:
            yield item


def rename(kind: str, new: str, *, which: int = 0) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        list(elements(document, kind))[which].S = Name(new)

    return change


def take(kind: str, *path: str) -> Callable[[pikepdf.Pdf], None]:
    """Take a key out of the first tag of a kind, or out of a dictionary in it."""

    def change(document: pikepdf.Pdf) -> None:
        item = next(elements(document, kind))
        for key in path[:-1]:
            item = item[key]
        del item[path[-1]]

    return change


def add_a_cell(document: pikepdf.Pdf) -> None:
    row = list(elements(document, "/TR"))[-1]
    row.K.append(row.K[-1])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (rename("/H1", "/H2"), "not one heading of the first level, at the beginning"),
        (rename("/H2", "/H4"), "a level of headings is skipped"),
        (take("/H2", "/K"), "a heading without words"),
        (take("/TH", "/A", "/Scope"), "a table’s header cell that doesn’t say what it heads"),
        (take("/TD", "/A", "/Headers"), "a table’s cell without a header"),
        (add_a_cell, "a table whose rows differ in length"),
    ],
)
def test_it_names_what_is_wrong_with_headings_and_tables(
    pack: bytes, change: Callable[[pikepdf.Pdf], None], problem: str
) -> None:
    assert problem in problems_after(pack, change)


def test_it_names_a_table_without_header_cells(pack: bytes) -> None:
    def change(document: pikepdf.Pdf) -> None:
        for cell in elements(document, "/TH"):
            cell.S = Name.TD

    assert "a table without header cells" in problems_after(pack, change)


def test_it_names_a_picture_without_words(pack: bytes) -> None:
    def change(document: pikepdf.Pdf) -> None:
        paragraph = next(elements(document, "/P"))
        paragraph.S = Name.Figure

    assert problems_after(pack, change) == ["a picture without a text that says the same"]


def test_it_names_a_link_without_words(pack: bytes) -> None:
    def change(document: pikepdf.Pdf) -> None:
        notes = next(page.obj.Annots for page in document.pages if "/Annots" in page.obj)
        del notes[0]["/Contents"]

    assert problems_after(pack, change) == ["a link without words"]


def test_it_names_a_font_that_is_not_in_the_file(pack: bytes) -> None:
    def change(document: pikepdf.Pdf) -> None:
        for item in document.objects:
            if isinstance(item, Dictionary) and item.get("/Type") == Name.FontDescriptor:
                for key in [key for key in item.keys() if key.startswith("/FontFile")]:  # noqa: SIM118
                    del item[key]

    found = problems_after(pack, change)
    assert found
    assert all(problem.startswith("font ") and problem.endswith(" not embedded") for problem in found)


@pytest.mark.parametrize(
    "drawing", [b"0 0 10 10 re f", b"/P <</MCID 9999>> BDC 0 0 10 10 re f EMC", b"/Span BMC 0 0 m 9 9 l S EMC"]
)
def test_it_names_a_page_with_something_untagged(pack: bytes, drawing: bytes) -> None:
    def change(document: pikepdf.Pdf) -> None:
        document.pages[2].contents_add(drawing)

    assert problems_after(pack, change) == ["page 3 has content that is not tagged"]


def test_decoration_needs_no_tag(pack: bytes) -> None:
    def change(document: pikepdf.Pdf) -> None:
        document.pages[2].contents_add(b"/Artifact BMC 0 0 10 10 re f EMC")

    assert problems_after(pack, change) == []


def test_it_names_a_page_with_letters_without_a_shape(pack: bytes) -> None:
    def change(document: pikepdf.Pdf) -> None:
        document.pages[2].contents_add(b"/Artifact BMC BT <00410000> Tj ET EMC")

    assert problems_after(pack, change) == ["page 3 has letters that no font here has"]


def test_it_names_the_first_problems_and_counts_the_others(pack: bytes) -> None:
    def change(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            page.contents_add(b"0 0 10 10 re f")
        for key in ("/Lang", "/MarkInfo", "/Outlines", "/Metadata", "/ViewerPreferences"):
            del document.Root[key]
        document.docinfo["/Title"] = " "

    found = problems_after(pack, change)
    assert len(found) == MOST_NAMED + 1
    assert found[-1].endswith(" more problems")


def test_a_document_that_is_not_whole_is_refused() -> None:
    with pytest.raises(pikepdf.PdfError):
        audit(b"%PDF-1.7 not whole")


def test_a_pack_that_fails_is_not_kept_and_says_what_is_wrong(
    pack: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = io.BytesIO()
    with pikepdf.open(io.BytesIO(pack)) as document:
        del document.Root.Lang
        document.save(broken)
    write_checked(broken.getvalue(), tmp_path / "pack.pdf")
    said = json.loads(capsys.readouterr().out)
    assert said == {"error": NOT_ACCESSIBLE.format(problems="no language")}
    assert not (tmp_path / "pack.pdf").exists()

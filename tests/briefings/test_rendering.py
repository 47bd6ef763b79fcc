"""The document: what it says equals the site, and reading software finds its way in it."""

import itertools
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from portal.briefings.audit import audit
from portal.briefings.rendering import ASSETS, AssetRefused, PackFetcher, render_pack, write_html
from tests.briefings.samples import full_entry, quoted_figure, snapshot_of
from tests.factories import InnovationFactory
from tests.pdfs import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def full_pack(module_db: None) -> bytes:
    return render_pack(snapshot_of(full_entry(1, title="Shared rota app")))


def rendered(*entries: Any, **fields: Any) -> PdfReader:
    return PdfReader(BytesIO(render_pack(snapshot_of(*entries, **fields))))


def test_the_document_says_what_the_site_says():
    innovation, case_study = full_entry(1, title="Shared rota app"), full_entry(2, title="Regional staff bank")
    figure = quoted_figure(innovation)
    reader = rendered(innovation, case_study, title="Options for the board")
    text = text_of(reader)
    assert reader.metadata.title == "Options for the board"
    for words in [
        figure,
        "1,250 hours",
        "2023/24",
        "1. Shared rota app",
        "2. Regional staff bank",
        "The entries side by side",
        "42 of 42 ICBs",
        "Fewer shifts stayed empty.",
        "Where it may not work Not stated",
        "What was learnt",
        "Figures are not added up",
        innovation.figures.first().evidence.title,
        "Front sheet",
        "Recommendation This pack makes no recommendation",
        "Briefing pack 7, issue 1",
        "Content as at 31 January 2026",
        f"Page 2 of {len(reader.pages)}",
        "http://localhost:8000/packs/token/",
    ]:
        assert words in text, words


def test_the_document_is_tagged_titled_bookmarked_and_self_contained(full_pack):
    reader = PdfReader(BytesIO(full_pack))
    catalog = reader.root_object
    assert catalog["/Lang"] == "en-GB"
    assert catalog["/MarkInfo"]["/Marked"].value is True
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert b"pdfuaid:part" in catalog["/Metadata"].get_object().get_data()
    assert "1. Shared rota app" in _titles(reader.outline)
    assert audit(full_pack).problems == []


def _titles(outline: Any) -> list[str]:
    return [title for item in outline for title in (_titles(item) if isinstance(item, list) else [item.title])]


def test_headings_are_in_order_and_header_cells_have_their_scope(full_pack):
    reader = PdfReader(BytesIO(full_pack))
    elements = [element["/S"] for element in _elements(reader.root_object["/StructTreeRoot"])]
    levels = [int(name[2]) for name in elements if name in ("/H1", "/H2", "/H3", "/H4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    assert {"/Table", "/Caption", "/THead", "/TH", "/TD", "/L", "/LI", "/Link", "/Sect"} <= set(elements)


def _elements(node: Any) -> Any:
    """Yield each structure element below, in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, dict) and "/S" in kid:
            yield kid
            yield from _elements(kid)


def test_running_headers_and_footers_are_artifacts(full_pack):
    reader = PdfReader(BytesIO(full_pack))
    for page in reader.pages[1:]:
        artifacts = page.get_contents().get_data().count(b"/Artifact\n<</Type /Pagination>>\nBDC")
        assert artifacts == 4
    numbers = iter(reader.root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"])
    lists = [kids.get_object() for _, kids in zip(numbers, numbers, strict=True)]
    in_tree = {element.indirect_reference.idnum for element in _elements(reader.root_object["/StructTreeRoot"])}
    named = [kid for kids in lists if isinstance(kids, list) for kid in kids if hasattr(kid, "idnum")]
    assert {kid.idnum for kid in named} <= in_tree


def test_a_link_is_described_by_its_words(full_pack):
    reader = PdfReader(BytesIO(full_pack))
    descriptions = [note.get_object()["/Contents"] for note in reader.pages[2]["/Annots"]]
    assert "1. Shared rota app" in descriptions


def test_the_same_data_gives_the_same_bytes():
    data = snapshot_of(InnovationFactory(published=True))
    assert render_pack(data) == render_pack(data)


HOSTILE = (
    '<table><tr><td colspan="1000000000">x</td></tr></table><img src="file:///etc/passwd">'
    '<link rel="attachment" href="file:///etc/passwd"><style>@page{size:1px}</style>{% include "x" %}{{ pack }}'
)


def test_markup_typed_into_a_field_is_only_text():
    entry = full_entry(1, title="Shared <b>rota</b>", summary=HOSTILE, how_it_works=HOSTILE)
    reader = rendered(entry)
    text = text_of(reader).replace(" ", "")
    assert 'colspan="1000000000"' in text
    assert '{%include"x"%}{{pack}}' in text
    assert "/EmbeddedFiles" not in reader.root_object.get("/Names", {})


def test_a_long_word_stays_on_the_page():
    entry = full_entry(1, summary="w" * 3_000)
    assert 3 < len(rendered(entry).pages) < 20


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "https://example.org/a.png",
        "data:text/css,body{}",
        "ftp://example.org/",
        "pack:///../settings.py",
        "pack:///static/portal.css",
        "/etc/passwd",
    ],
)
def test_the_fetcher_serves_nothing_but_named_assets(address):
    with pytest.raises(AssetRefused):
        PackFetcher(ASSETS).fetch(address)


def test_a_refused_asset_ends_the_rendering():
    page = HTML(string='<img src="file:///etc/passwd" alt="x">', url_fetcher=PackFetcher(ASSETS))
    with pytest.raises(FatalURLFetchingError):
        page.write_pdf()


def test_every_named_asset_exists():
    assert all(Path(path).is_file() for path in ASSETS.values())


def test_a_pack_of_one_entry_has_no_comparison():
    assert "The entries side by side" not in write_html(snapshot_of(InnovationFactory(published=True)))

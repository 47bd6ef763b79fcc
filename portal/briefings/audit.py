"""Look at a finished PDF as a reader's software will: is it tagged, named, navigable, self-contained?"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from portal.briefings.audited_pages import PageContent

MOST_NAMED = 10
"""Problems that are named; how many more there are is said."""


@dataclass(frozen=True)
class Audit:
    pages: int
    problems: list[str] = field(default_factory=list)


def audit(pdf: bytes) -> Audit:
    """Return how many pages it has and what an accessible document should have and this lacks."""
    with pikepdf.open(BytesIO(pdf)) as document:
        problems = [*_missing(document), *_loose_fonts(document)]
        if elements := _elements(document):
            problems += [*_headings(elements), *_tables(elements), *_figures(elements), *_links(document)]
            problems += _content(document)
        named = list(dict.fromkeys(problems))
        more = len(named) - MOST_NAMED
        return Audit(len(document.pages), named[:MOST_NAMED] + ([f"{more} more problems"] if more > 0 else []))


# --- the document as a whole ----------------------------------------------------------------


def _missing(document: pikepdf.Pdf) -> Iterator[str]:
    root = document.Root
    checks = {
        "no title": bool(str(document.docinfo.get("/Title", "")).strip()),
        "title not shown": bool(_get(root, "/ViewerPreferences", "/DisplayDocTitle")),
        "no language": bool(str(_get(root, "/Lang") or "")),
        "not marked as tagged": bool(_get(root, "/MarkInfo", "/Marked")),
        "no structure": bool(_get(root, "/StructTreeRoot", "/K")),
        "no bookmarks": _get(root, "/Outlines", "/First") is not None,
        "not declared as PDF/UA": "/Metadata" in root and b"pdfuaid" in root["/Metadata"].read_bytes(),
    }
    yield from (problem for problem, passed in checks.items() if not passed)


def _get(item: Any, *path: str) -> Any:
    """Follow keys through dictionaries; None when one is missing."""
    for key in path:
        if not isinstance(item, Dictionary) or key not in item:
            return None
        item = item[key]
    return item


def _loose_fonts(document: pikepdf.Pdf) -> Iterator[str]:
    """Name each font that is not in the file, or whose letters software can't read back."""
    seen: set[Any] = set()
    for page in document.pages:
        fonts = _get(page.obj, "/Resources", "/Font") or {}
        for font in fonts.values():
            if font.objgen in seen:
                continue
            seen.add(font.objgen)
            name = str(font.get("/BaseFont", "/without a name")).lstrip("/")
            if not _is_embedded(font):
                yield f"font {name} not embedded"
            if "/ToUnicode" not in font:
                yield f"letters of font {name} can’t be read back"


def _is_embedded(font: Any) -> bool:
    if font.get("/Subtype") == Name.Type3:
        return True
    inner = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
    descriptor = inner.get("/FontDescriptor", {})
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


# --- the tree of tags -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Element:
    """One tag, with those directly below it. `holds` says whether any content hangs on it or below."""

    kind: str
    item: Any
    kids: "list[_Element]"
    holds: bool


def _elements(document: pikepdf.Pdf) -> "list[_Element]":
    """Return every tag in reading order; nothing where there is no tree."""
    root = _get(document.Root, "/StructTreeRoot")
    found: list[_Element] = []
    if root is not None:
        for kid in _kids(root):
            _read(kid, found)
    return found


def _kids(item: Any) -> list[Any]:
    kids = item.get("/K")
    return list(kids) if isinstance(kids, Array) else [] if kids is None else [kids]


def _read(item: Any, found: "list[_Element]") -> _Element:
    """Add a tag and those below it to `found`. Tags nest as the templates do, however deep the text typed."""
    place = len(found)
    found.append(_Element("", item, [], False))
    kids, holds = [], False
    for kid in _kids(item):
        if isinstance(kid, Dictionary) and "/S" in kid:
            kids.append(_read(kid, found))
            holds = holds or kids[-1].holds
        else:
            holds = True
    found[place] = _Element(str(item.get("/S", "")), item, kids, holds)
    return found[place]


LEVELS = {f"/H{level}": level for level in range(1, 7)}


def _headings(elements: "list[_Element]") -> Iterator[str]:
    levels = [LEVELS[one.kind] for one in elements if one.kind in LEVELS]
    if not levels:
        yield "no headings"
        return
    if levels[0] != 1 or levels.count(1) != 1:
        yield "not one heading of the first level, at the beginning"
    if any(later - earlier > 1 for earlier, later in itertools.pairwise(levels)):
        yield "a level of headings is skipped"
    if any(one.kind in LEVELS and not one.holds for one in elements):
        yield "a heading without words"


def _tables(elements: "list[_Element]") -> Iterator[str]:
    for table in (one for one in elements if one.kind == "/Table"):
        rows = list(_rows(table))
        cells = [cell for row in rows for cell in row]
        if not any(cell.kind == "/TH" for cell in cells):
            yield "a table without header cells"
        if any(cell.kind == "/TH" and _attribute(cell, "/Scope") is None for cell in cells):
            yield "a table’s header cell that doesn’t say what it heads"
        if any(cell.kind == "/TD" and not _attribute(cell, "/Headers") for cell in cells):
            yield "a table’s cell without a header"
        if len({sum(int(_attribute(cell, "/ColSpan") or 1) for cell in row) for row in rows}) > 1:
            yield "a table whose rows differ in length"


def _rows(element: _Element) -> Iterator[list[_Element]]:
    for kid in element.kids:
        if kid.kind == "/TR":
            yield [cell for cell in kid.kids if cell.kind in ("/TH", "/TD")]
        else:
            yield from _rows(kid)


def _attribute(element: _Element, name: str) -> Any:
    given = element.item.get("/A")
    owners = list(given) if isinstance(given, Array) else [] if given is None else [given]
    return next((owner[name] for owner in owners if name in owner), None)


def _figures(elements: "list[_Element]") -> Iterator[str]:
    if any(one.kind == "/Figure" and not str(one.item.get("/Alt", "")).strip() for one in elements):
        yield "a picture without a text that says the same"


# --- the pages ------------------------------------------------------------------------------


def _links(document: pikepdf.Pdf) -> Iterator[str]:
    for page in document.pages:
        for note in page.obj.get("/Annots", []):
            if note.get("/Subtype") != Name.Link:
                continue
            if not str(note.get("/Contents", "")).strip():
                yield "a link without words"
            if "/StructParent" not in note:
                yield "a link outside the structure"


def _content(document: pikepdf.Pdf) -> Iterator[str]:
    """Name the pages that have something neither tagged nor marked as decoration, and letters without a font."""
    tagged = _tagged(document)
    for number, page in enumerate(document.pages, start=1):
        content = PageContent(page, tagged.get(int(page.obj.get("/StructParents", -1)), []))
        if content.is_untagged:
            yield f"page {number} has content that is not tagged"
        if content.lacks_letters:
            yield f"page {number} has letters that no font here has"


def _tagged(document: pikepdf.Pdf) -> dict[int, list[bool]]:
    """Say for each page, by its number in the structure, which pieces of its content hang on a tag."""
    numbers = list(_get(document.Root, "/StructTreeRoot", "/ParentTree", "/Nums") or [])
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return {int(key): [item is not None for item in kids] for key, kids in pairs if isinstance(kids, Array)}

"""What WeasyPrint leaves to be done for PDF/UA: running headers as artifacts, links with their words, header
cells that say what they head.

It works on WeasyPrint's boxes and pydyf's objects, so both are pinned; the tests of rendering
look at the result.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pydyf
from weasyprint.formatting_structure.boxes import TextBox


def _page_references(pdf: Any) -> tuple[bytes, ...]:
    """pydyf writes these out anew for each tagged element, which grows with the square of the pages."""
    kept: tuple[bytes, ...] = vars(pdf).get("kept_references", ())
    if len(kept) != pdf.pages["Count"]:
        kept = pdf.kept_references = tuple(f"{number} 0 R".encode("ascii") for number in pdf.pages["Kids"][::3])
    return kept


pydyf.PDF.page_references = property(_page_references)


def finish(document: Any, pdf: Any) -> None:
    """Finisher for `write_pdf`: runs after the tags are made and before the file is written."""
    objects = {_reference(item): item for item in pdf.objects}
    _describe_links(document)
    _say_what_cells_head(objects)
    _mark_running_text_as_artifact(pdf, objects)


def _describe_links(document: Any) -> None:
    """A link's description is what stands on the page, not the address behind it."""
    for page in document.pages:
        for box in page._page_box.descendants():
            annotation = getattr(box, "link_annotation", None)
            if annotation is not None and (text := _text_of(box)):
                annotation["Contents"] = pydyf.String(text)


def _text_of(box: Any) -> str:
    if isinstance(box, TextBox):
        return str(box.text)
    parts = [_text_of(child) for child in getattr(box, "children", [])]
    return " ".join(" ".join(parts).split())


def _say_what_cells_head(objects: Mapping[bytes, Any]) -> None:
    """A header cell in a table's head heads its column, any other its row."""
    for item in objects.values():
        if isinstance(item, pydyf.Dictionary) and item.get("S") == "/TH":
            group = objects[objects[item["P"]]["P"]]
            item["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"


def _mark_running_text_as_artifact(pdf: Any, objects: Mapping[bytes, Any]) -> None:
    """Headers and footers are tagged but hang on nothing: say that they are no content.

    A marked sequence whose structure element can't be reached from the tree's root is such one.
    """
    root = objects[pdf.catalog["StructTreeRoot"]]
    in_tree = set(_reachable(root, objects))
    numbers = iter(objects[root["ParentTree"]]["Nums"])
    by_page = {key: value for key, value in zip(numbers, numbers, strict=True) if isinstance(value, pydyf.Array)}
    for page in _pages(pdf, objects):
        elements = by_page[page["StructParents"]]
        loose = {mcid for mcid, element in enumerate(elements) if _key(element) not in in_tree}
        _rewrite(objects[page["Contents"]], loose)
        for mcid in loose:
            elements[mcid] = "null"


def _reference(item: Any) -> bytes:
    return bytes(item.reference)


def _key(value: Any) -> bytes:
    return value if isinstance(value, bytes) else b""


def _pages(pdf: Any, objects: Mapping[bytes, Any]) -> Iterator[Any]:
    for reference in pdf.page_references:
        yield objects[reference]


def _reachable(root: Any, objects: Mapping[bytes, Any]) -> Iterator[bytes]:
    waiting = [root]
    while waiting:
        for kid in waiting.pop().get("K", []):
            if isinstance(kid, bytes) and kid in objects:
                yield kid
                waiting.append(objects[kid])


def _rewrite(stream: Any, loose: set[int]) -> None:
    """Turn `/Span <</MCID 3>> BDC` into an artifact where 3 is loose."""
    content = stream.stream
    for place, operator in enumerate(content):
        if operator != b"BDC":
            continue
        properties = content[place - 1]
        if isinstance(properties, dict) and properties.get("MCID") in loose:
            content[place - 2 : place] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]

"""Look at a finished PDF as a reader's software will: is it tagged, named, navigable, self-contained?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject


@dataclass(frozen=True)
class Audit:
    pages: int
    problems: list[str] = field(default_factory=list)


def audit(pdf: bytes) -> Audit:
    """Return how many pages it has and what an accessible document should have and this lacks."""
    reader = PdfReader(BytesIO(pdf))
    catalog = reader.root_object
    checks = {
        "no title": bool(reader.metadata and reader.metadata.title),
        "title not shown": bool(_get(catalog, "/ViewerPreferences", "/DisplayDocTitle")),
        "no language": bool(_get(catalog, "/Lang")),
        "not marked as tagged": bool(_get(catalog, "/MarkInfo", "/Marked")),
        "no structure": bool(_get(catalog, "/StructTreeRoot", "/K")),
        "no bookmarks": bool(reader.outline),
        "not declared as PDF/UA": b"pdfuaid" in _xmp(catalog),
    }
    problems = [problem for problem, passed in checks.items() if not passed]
    loose = sorted({name for name, font in _fonts(reader) if not _is_embedded(font)})
    problems += [f"font {name} not embedded" for name in loose]
    return Audit(pages=len(reader.pages), problems=problems)


def _get(item: Any, *path: str) -> Any:
    """Follow keys through dictionaries; None when one is missing."""
    for key in path:
        if not isinstance(item, DictionaryObject) or key not in item:
            return None
        item = item[key]
    return getattr(item, "value", item)


def _xmp(catalog: DictionaryObject) -> bytes:
    metadata = catalog.get("/Metadata")
    return metadata.get_object().get_data() if metadata else b""


def _fonts(reader: PdfReader) -> Iterator[tuple[str, Any]]:
    """Yield each font once: the pages share their resources."""
    seen: set[int] = set()
    for page in reader.pages:
        fonts = _get(page, "/Resources", "/Font") or {}
        if id(fonts) in seen:
            continue
        seen.add(id(fonts))
        for font in fonts.values():
            font = font.get_object()
            yield str(font.get("/BaseFont", "without a name")).lstrip("/"), font


def _is_embedded(font: DictionaryObject) -> bool:
    if font.get("/Subtype") == "/Type3":
        return True
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font  # type: ignore[index]
    descriptor = _get(inner, "/FontDescriptor") or {}
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))

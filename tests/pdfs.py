"""What stands in a PDF."""

from pypdf import PdfReader


def text_of(reader: PdfReader) -> str:
    """Return the words of all pages, a space between two."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())

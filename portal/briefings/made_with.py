"""What a document is made with, so that a new look or renderer makes a new document."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path


@cache
def made_with(*folders: Path) -> str:
    """Name the renderer and the files of these folders, by what is in them."""
    paths = (path for folder in folders for path in sorted(folder.glob("*")) if path.is_file())
    content = b"".join(path.read_bytes() for path in paths)
    return f"templates {hashlib.sha256(content).hexdigest()[:12]}, WeasyPrint {version('weasyprint')}"

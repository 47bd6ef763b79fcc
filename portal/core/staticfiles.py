"""Static files that npm installed: only the ones named here, and their source maps."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NODE_MODULES = Path(settings.BASE_DIR) / "node_modules"

# Address under STATIC_URL -> file under node_modules. A folder ends with a slash.
PACKAGE_FILES = {
    "nhsuk/nhsuk-frontend.min.css": "nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.css",
    "nhsuk/nhsuk-frontend.min.js": "nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.js",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "images/": "nhsuk-frontend/dist/nhsuk/assets/images/",
}


def _named_files() -> dict[str, Path]:
    files: dict[str, Path] = {}
    for address, source in PACKAGE_FILES.items():
        path = NODE_MODULES / source
        found = sorted(path.iterdir()) if address.endswith("/") and path.is_dir() else [path]
        for file in found:
            name = address + file.name if address.endswith("/") else address
            files[name] = file
            source_map = file.with_name(file.name + ".map")
            if source_map.exists():
                files[name + ".map"] = source_map
    return {name: file for name, file in files.items() if file.is_file()}


class NodePackagesFinder(BaseFinder):
    """Offer the listed files of installed npm packages to collectstatic."""

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        file = _named_files().get(path)
        if find_all:
            return [str(file)] if file else []
        return str(file) if file else None

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        storage = _NamedFileStorage(location=NODE_MODULES)
        for name in _named_files():
            yield name, storage


class _NamedFileStorage(FileSystemStorage):
    """Open a file by its address under STATIC_URL."""

    prefix = ""

    def path(self, name: str) -> str:
        return str(_named_files()[name])

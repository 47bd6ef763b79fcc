"""Private files in a folder: each is there whole, or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

from portal.core.private_files import UNFINISHED, flush, put_in_place

MODE = 0o640


class FilesOnDisk(FileSystemStorage):
    """Django's folder of files, in which no torn file ever has a final name."""

    fix = "Let the portal's user write to the folder “media” in VAR_DIR, and see that its disk has room."

    def _save(self, name: str, content: Any) -> str:
        folder = Path(self.path(name)).parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        descriptor, written = tempfile.mkstemp(suffix=UNFINISHED, dir=folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fchmod(file.fileno(), MODE)
                os.fsync(file.fileno())
            while True:
                try:
                    # Unlike a rename, a link never takes the place of a file that came first.
                    os.link(written, self.path(name))
                    break
                except FileExistsError:
                    name = self.get_available_name(name)
        finally:
            os.unlink(written)
        flush(folder)
        return name

    def working_folder(self, name: str) -> Path:
        """On the same disk, so that a finished file is named by a rename."""
        return Path(self.path(name))

    def take(self, finished: Path, name: str) -> None:
        """Keep a finished file under this name, in the place of whatever has it. Raises FileNotFoundError."""
        put_in_place(finished, Path(self.path(name)))

    def take_folder(self, finished: Path, name: str) -> None:
        """Keep a folder of finished files; nobody finds some of them without the others."""
        for path in finished.iterdir():
            path.chmod(MODE)
            flush(path)
        flush(finished)
        final = Path(self.path(name))
        finished.rename(final)
        flush(final.parent)

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with what is in it; no error if it is gone."""
        path = Path(self.path(name))
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

    def is_there(self, folder: str) -> bool:
        """Tell storage that is away from one that lost a file: without its folder, nothing can be said of a file."""
        return Path(self.path(folder)).is_dir()

    def older_than(self, moment: float, *, within: str) -> Iterator[str]:
        """Yield the names of files and folders in a folder that were last written before a moment, finished or not."""
        for path in self.working_folder(within).glob("*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < moment:
                    yield f"{within}/{path.name}"

    def names(self, within: str = "") -> Iterator[str]:
        """Yield the name of each finished file, in any folder."""
        root = Path(self.path(within)) if within else Path(self.location)
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix not in (UNFINISHED, ".lock"):
                yield path.relative_to(self.location).as_posix()

    def replace_all(self, folder: Path) -> None:
        """Put the files of a folder on the same disk in the place of all there are."""
        final = Path(self.location)
        before = final.with_name(f"{final.name}.before")
        shutil.rmtree(before, ignore_errors=True)
        with suppress(FileNotFoundError):
            final.rename(before)
        folder.rename(final)
        flush(final.parent)
        shutil.rmtree(before, ignore_errors=True)

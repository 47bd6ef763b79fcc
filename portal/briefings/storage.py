"""Pack files on disk: written beside their place, flushed, then moved in one step."""

import errno
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from portal.briefings.models import BriefingPack, private_files

FOLDER = "packs"
UNFINISHED = ".part"
STRAY_AFTER_SECONDS = 24 * 3600


def folder_for(name: str) -> Path:
    """Return a folder for files that no address leads to; it is there from now on."""
    folder = Path(private_files().path(name))
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    return folder


def file_name(pack: BriefingPack) -> str:
    """The name follows from the pack, so that a second attempt replaces what a first one left."""
    return f"{FOLDER}/{pack.token}.pdf"


def unfinished_path(pack: BriefingPack) -> Path:
    """Where the holder of this lease writes; whatever earlier attempts left there is removed."""
    folder = folder_for(FOLDER)
    for left in folder.glob(f"{pack.token}.*{UNFINISHED}"):
        left.unlink(missing_ok=True)
    return folder / f"{pack.token}.{pack.lease}{UNFINISHED}"


def check_room(folder: Path) -> None:
    """Raise OSError where the disk is as good as full: sooner than after minutes of work."""
    if shutil.disk_usage(folder).free < settings.BRIEFINGS_FREE_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def is_there() -> bool:
    """Tell storage that is away from one that has lost a file: without its folder, nothing can be said of a file."""
    return Path(private_files().path(FOLDER)).is_dir()


def _flush(path: Path) -> None:
    """Make the file's content, or the folder's list of names, outlive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(unfinished: Path, final: Path) -> None:
    """Give a finished file its name in one step, so that whoever opens it finds it whole."""
    unfinished.chmod(private_files().file_permissions_mode or 0o640)
    _flush(unfinished)
    unfinished.replace(final)
    _flush(final.parent)


def keep(unfinished: Path, pack: BriefingPack) -> int:
    """Move a finished file to its place and return its size.

    Raises FileNotFoundError if another holder of the lease has cleared it away.
    """
    final = Path(private_files().path(file_name(pack)))
    put_in_place(unfinished, final)
    return final.stat().st_size


def remove(name: str) -> None:
    private_files().delete(name)


def remove_strays(known_names: Iterable[str]) -> int:
    """Remove files over a day old that no pack knows: what a crash or a lost lease left. Return how many."""
    known = set(known_names)
    before = time.time() - STRAY_AFTER_SECONDS
    strays = [
        path
        for path in folder_for(FOLDER).iterdir()
        if path.is_file() and f"{FOLDER}/{path.name}" not in known and path.stat().st_mtime < before
    ]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)

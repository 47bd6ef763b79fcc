"""Pack files on disk: written beside their place, flushed, then moved in one step."""

import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from portal.briefings.models import BriefingPack
from portal.core import private_files as on_disk
from portal.core.private_files import folder_for, private_files, put_in_place

FOLDER = "packs"
UNFINISHED = ".part"
STRAY_AFTER_SECONDS = 24 * 3600


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
    on_disk.check_room(folder, wanted=settings.BRIEFINGS_FREE_BYTES)


def is_there() -> bool:
    """Tell storage that is away from one that has lost a file: without its folder, nothing can be said of a file."""
    return Path(private_files().path(FOLDER)).is_dir()


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

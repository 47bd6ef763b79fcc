"""Pack files: written on this host, flushed, then kept under their name in one step."""

import hashlib
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from portal.briefings.models import BriefingPack
from portal.core import private_files as on_disk
from portal.core.private_files import UNFINISHED, folder_for, private_files, put_in_place

__all__ = ["UNFINISHED", "folder_for", "put_in_place"]

FOLDER = "packs"
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
    return private_files().is_there(FOLDER)


class Kept(NamedTuple):
    size: int
    sha256: str


def keep(unfinished: Path, pack: BriefingPack) -> Kept:
    """Move a finished file to its place and return by what it is known again.

    Raises FileNotFoundError if another holder of the lease has cleared it away.
    """
    with unfinished.open("rb") as file:
        kept = Kept(unfinished.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
    private_files().take(unfinished, file_name(pack))
    return kept


def open_file(pack: BriefingPack) -> Any:
    """Open the file of a ready pack. Raises FileNotFoundError where it is lost, OSError where storage is away."""
    return private_files().open(pack.file.name or "")


def remove(name: str) -> None:
    private_files().remove(name)


def remove_strays(known_names: Iterable[str]) -> int:
    """Remove files over a day old that no pack knows: what a crash or a lost lease left. Return how many."""
    known = set(known_names)
    old = list(private_files().older_than(time.time() - STRAY_AFTER_SECONDS, within=FOLDER))
    strays = [name for name in old if name not in known]
    for name in strays:
        private_files().remove(name)
    return len(strays)

"""Files that only a view hands out: written in a folder of this host, flushed, then named in one step.

Where they are kept in the end is a folder (`files_on_disk`) or a bucket (`files_in_bucket`), as the settings say.
"""

import errno
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.core.files.storage import storages

if TYPE_CHECKING:
    from portal.core.files_in_bucket import FilesInBucket
    from portal.core.files_on_disk import FilesOnDisk

UNFINISHED = ".part"


def private_files() -> "FilesOnDisk | FilesInBucket":
    """Where such files are kept: no address leads there, only the download views read it."""
    return cast("FilesOnDisk | FilesInBucket", storages["default"])


def folder_for(name: str) -> Path:
    """Return a folder of this host for files that are not finished, or can be made again; it is there from now on."""
    folder = private_files().working_folder(name)
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    return folder


def check_room(folder: Path, *, wanted: int) -> None:
    """Raise OSError where fewer bytes than that are free: sooner than after minutes of work."""
    if shutil.disk_usage(folder).free < wanted:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def flush(path: Path) -> None:
    """Make the file's content, or the folder's list of names, outlive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(unfinished: Path, final: Path) -> None:
    """Give a finished file its name on this host in one step, so that whoever opens it finds it whole."""
    unfinished.chmod(0o640)
    flush(unfinished)
    unfinished.replace(final)
    flush(final.parent)

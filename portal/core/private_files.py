"""Files that only a view hands out: written beside their place, flushed, then named in one step."""

import errno
import os
import shutil
from pathlib import Path

from django.core.files.storage import FileSystemStorage, storages


def private_files() -> FileSystemStorage:
    """Where such files are kept: no address leads there, only the download views read it."""
    storage = storages["default"]
    if not isinstance(storage, FileSystemStorage):
        raise TypeError("Files are finished by renaming them, so their storage must be a folder.")
    return storage


def folder_for(name: str) -> Path:
    """Return a folder for files that no address leads to; it is there from now on."""
    folder = Path(private_files().path(name))
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
    """Give a finished file its name in one step, so that whoever opens it finds it whole."""
    unfinished.chmod(private_files().file_permissions_mode or 0o640)
    flush(unfinished)
    unfinished.replace(final)
    flush(final.parent)


def put_folder_in_place(unfinished: Path, final: Path) -> None:
    """Give a folder of finished files its name in one step; nobody finds some of them without the others."""
    for path in unfinished.iterdir():
        path.chmod(private_files().file_permissions_mode or 0o640)
        flush(path)
    flush(unfinished)
    unfinished.rename(final)
    flush(final.parent)

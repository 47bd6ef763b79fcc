"""Private files in a bucket of any S3 API, for hosts that share no disk. The bucket is nobody's but the portal's."""

import errno
import shutil
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from storages.backends.s3 import S3Storage

SECONDS_TO_CONNECT = 2
SECONDS_TO_ANSWER = 10
IN_MEMORY = 1_000_000
"""Bytes of a file that is read kept in memory; the rest goes to a temporary file."""

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def _told_as_disks_do(do: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Raise OSError where the bucket fails: whoever keeps files knows what to do then, on a disk or in a bucket."""

    @wraps(do)
    def done(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        try:
            return do(*args, **kwargs)
        except ClientError as error:
            # The message of the server is not told: it may name the key.
            code = error.response.get("Error", {}).get("Code", "")
            raise OSError(errno.EIO, f"The object storage answered {code}") from error
        except (BotoCoreError, Boto3Error) as error:
            raise OSError(errno.EIO, f"The object storage can't be reached ({type(error).__name__})") from error

    return done


class FilesInBucket(S3Storage):
    """A file is there once its upload has ended, whole: S3 shows no part of an object."""

    fix = "See that S3_ENDPOINT answers, and that S3_ACCESS_KEY may read, write, list and delete in S3_BUCKET."

    def __init__(self, **options: Any) -> None:
        # A request waits for these, so they give up soon; boto tries three times by itself.
        limits = Config(
            connect_timeout=SECONDS_TO_CONNECT,
            read_timeout=SECONDS_TO_ANSWER,
            retries={"max_attempts": 2, "mode": "standard"},
            s3={"addressing_style": "path"},
            signature_version="s3v4",
            # Servers other than Amazon's don't all know its newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        # An upload of the same name must not take the place of somebody else's.
        super().__init__(client_config=limits, file_overwrite=False, max_memory_size=IN_MEMORY, **options)

    @_told_as_disks_do
    def _open(self, name: str, mode: str = "rb") -> Any:
        """Open a file that is here whole by then: an answer that has begun can't say that the bucket went away."""
        file = super()._open(name, mode)
        if "r" in mode:
            file.open()
        return file

    @_told_as_disks_do
    def _save(self, name: str, content: Any) -> str:
        return str(super()._save(name, content))

    @_told_as_disks_do
    def exists(self, name: str) -> bool:
        return bool(super().exists(name))

    @_told_as_disks_do
    def size(self, name: str) -> int:
        return int(super().size(name))

    @_told_as_disks_do
    def delete(self, name: str) -> None:
        super().delete(name)

    def url(self, name: str | None, *args: Any, **options: Any) -> str:
        """No address leads to a file: a view hands it out to those who may have it."""
        raise ValueError("Private files have no address.")

    def working_folder(self, name: str) -> Path:
        return Path(settings.VAR_DIR) / "working" / name

    @_told_as_disks_do
    def take(self, finished: Path, name: str) -> None:
        """Keep a finished file under this name, in the place of whatever has it. Raises FileNotFoundError."""
        with finished.open("rb") as file:
            super()._save(name, file)
        finished.unlink(missing_ok=True)

    def take_folder(self, finished: Path, name: str) -> None:
        """Keep a folder of finished files. Its row, written after, says that all are there."""
        for path in sorted(finished.iterdir()):
            self.take(path, f"{name}/{path.name}")
        finished.rmdir()

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with what is in it; no error if it is gone. What is unfinished is on this host."""
        unfinished = self.working_folder(name)
        if unfinished.is_dir():
            shutil.rmtree(unfinished, ignore_errors=True)
        else:
            unfinished.unlink(missing_ok=True)
        for each in [name, *self.names(name)]:
            self.delete(each)

    @_told_as_disks_do
    def _is_reached(self) -> None:
        self.connection.meta.client.head_bucket(Bucket=self.bucket_name)

    def is_there(self, folder: str) -> bool:
        """Tell storage that is away from one that lost a file."""
        try:
            self._is_reached()
        except OSError:
            return False
        return True

    def older_than(self, moment: float, *, within: str) -> Iterator[str]:
        """Yield the names of files and folders in a folder that were last written before a moment, finished or not."""
        for path in self.working_folder(within).glob("*"):
            if path.stat().st_mtime < moment:
                yield f"{within}/{path.name}"
        newest: dict[str, float] = {}
        for stored in self._stored(within):
            name = f"{within}/{stored['Key'].removeprefix(self._prefix(within)).split('/')[0]}"
            newest[name] = max(newest.get(name, 0.0), stored["LastModified"].timestamp())
        yield from (name for name, written in newest.items() if written < moment)

    def names(self, within: str = "") -> Iterator[str]:
        """Yield the name of each file, in any folder."""
        for stored in self._stored(within):
            yield stored["Key"].removeprefix(self._prefix(""))

    def replace_all(self, folder: Path) -> None:
        """Put the files of a folder in the place of all there are: first what is new, so that none is missed."""
        kept = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        for name, path in kept.items():
            self.take(path, name)
        for name in list(self.names()):
            if name not in kept:
                self.delete(name)

    def _prefix(self, folder: str) -> str:
        return "".join(f"{part.strip('/')}/" for part in (self.location, folder) if part.strip("/"))

    @_told_as_disks_do
    def _stored(self, folder: str) -> list[dict[str, Any]]:
        pages = self.connection.meta.client.get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self.bucket_name, Prefix=self._prefix(folder))
        return [stored for page in found for stored in page.get("Contents", ())]

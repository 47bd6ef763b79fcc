"""A backup's file: a tar of the database, the private files and, last, a manifest that says what must be in it.

What is cut short lacks its manifest; what was altered has another hash; whoever alters the manifest too
lacks the site's secret key, by which it is signed.
"""

import hashlib
import io
import json
import os
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from portal.core.private_files import UNFINISHED, flush
from portal.core.signatures import is_signature, signature_of

FORMAT = 1
USE = "portal.operations.archive"
MANIFEST, SIGNATURE = "manifest.json", "manifest.hmac"
FILES = "files/"
BLOCK = 1 << 20
MANIFEST_BYTES = 1 << 28


class NotRestored(Exception):
    """The archive, or the place it is for, is not fit; nothing was changed. The text says why and what to do."""


@dataclass
class Manifest:
    """What an archive holds. `members` are its database and files, each with size and SHA-256."""

    engine: str
    release: str
    made_at: str
    migrations: list[list[str]]
    rows: dict[str, int]
    format: int = FORMAT
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)

    def written(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        try:
            found = json.loads(text)
            if found["format"] > FORMAT:
                raise NotRestored(
                    f"The archive is of format {found['format']}, newer than this release’s {FORMAT}. Take the release "
                    "that made it, or a later one."
                )
            return cls(**found)
        except (ValueError, TypeError, KeyError) as error:
            raise NotRestored("The archive’s manifest can’t be read. Take another backup.") from error


# --- writing --------------------------------------------------------------------------------


class Writer:
    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar, self._manifest = tar, manifest

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        """Add one file, read once. Raises OSError where it is not as long as was said."""
        hashed = _Hashed(file)
        about = tarfile.TarInfo(name)
        about.size, about.mode, about.mtime = size, 0o600, int(time.time())
        self._tar.addfile(about, hashed)
        self._manifest.members[name] = {"size": size, "sha256": hashed.digest.hexdigest()}

    def close(self) -> None:
        text = self._manifest.written()
        for name, content in ((MANIFEST, text), (SIGNATURE, signature_of(text, use=USE).encode())):
            about = tarfile.TarInfo(name)
            about.size, about.mode = len(content), 0o600
            self._tar.addfile(about, io.BytesIO(content))


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self.digest.update(block)
        return block


@contextmanager
def writing(final: Path, manifest: Manifest) -> Iterator[Writer]:
    """Write an archive that nobody but this user may read, and name it when it is whole."""
    unfinished = final.with_name(f".{final.name}.{os.getpid()}{UNFINISHED}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                writer = Writer(tar, manifest)
                yield writer
                writer.close()
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, final)  # unlike a rename, it replaces no earlier backup
        flush(final.parent)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()


# --- reading --------------------------------------------------------------------------------


def unpack(archive: Path, folder: Path, *, of_another_site: bool = False) -> Manifest:
    """Unpack an archive into an empty folder, and return its manifest. Raises NotRestored unless all of it is right."""
    found: dict[str, dict[str, Any]] = {}
    special: dict[str, bytes] = {}
    try:
        with tarfile.open(archive, mode="r:") as tar:
            for member in tar:
                _check_member(member, found, special)
                content: Any = tar.extractfile(member)
                if member.name in (MANIFEST, SIGNATURE):
                    special[member.name] = content.read(MANIFEST_BYTES)
                else:
                    found[member.name] = _unpacked(content, folder / member.name)
    except (tarfile.TarError, EOFError) as error:
        raise NotRestored(f"{archive.name} is no whole archive ({error}). Take another backup.") from error
    if MANIFEST not in special or SIGNATURE not in special:
        raise NotRestored(f"{archive.name} is cut short: it lacks its manifest. Take another backup.")
    return _checked(special[MANIFEST], special[SIGNATURE], found, of_another_site=of_another_site)


def _check_member(member: tarfile.TarInfo, found: dict[str, Any], special: dict[str, bytes]) -> None:
    path = PurePosixPath(member.name)
    is_inside = not path.is_absolute() and ".." not in path.parts and "\0" not in member.name
    is_again = member.name in found or member.name in special
    is_after_the_end = MANIFEST in special and member.name != SIGNATURE
    if not member.isreg() or not is_inside or is_again or is_after_the_end:
        raise NotRestored("The archive holds what no backup writes: it was altered. Take another backup.")


def _unpacked(content: IO[bytes], path: Path) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while block := content.read(BLOCK):
            digest.update(block)
            size += len(block)
            file.write(block)
        os.fchmod(file.fileno(), 0o640)
    return {"size": size, "sha256": digest.hexdigest()}


def _checked(text: bytes, signature: bytes, found: dict[str, Any], *, of_another_site: bool) -> Manifest:
    manifest = Manifest.read(text)
    if found != manifest.members:
        wrong = sorted(name for name in {*found, *manifest.members} if found.get(name) != manifest.members.get(name))
        raise NotRestored(
            f"The archive was altered or damaged: {wrong[0]} is not as the manifest says"
            f"{f', nor are {len(wrong) - 1} more' if len(wrong) > 1 else ''}. Take another backup."
        )
    if not of_another_site and not is_signature(signature, text, use=USE):
        raise NotRestored(
            "The archive is not signed with this site’s SECRET_KEY: it was altered, or made with another key. "
            "Set that site’s SECRET_KEY, or, if you know where the file comes from, say --of-another-site."
        )
    return manifest

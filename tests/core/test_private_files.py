"""Files are kept alike in a folder and in a bucket: whole, not one in another's place, and behind no address."""

import errno
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from portal.core.files_in_bucket import FilesInBucket
from portal.core.files_on_disk import FilesOnDisk
from portal.core.private_files import private_files

Files = FilesOnDisk | FilesInBucket


@pytest.fixture(params=["disk", "bucket"])
def files(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Files:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    if request.param == "bucket":
        use_bucket(settings, request.getfixturevalue("bucket"), location="site")
    return private_files()


def use_bucket(settings: Any, options: dict[str, Any], **more: Any) -> None:
    storage = {"BACKEND": "portal.core.files_in_bucket.FilesInBucket", "OPTIONS": {**options, **more}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}


def read(files: Files, name: str) -> bytes:
    with files.open(name) as file:
        content: bytes = file.read()
        return content


def finished(files: Files, name: str, content: bytes = b"new") -> Path:
    path = files.working_folder(name).with_suffix(".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_an_upload_never_takes_the_place_of_another(files: Files) -> None:
    first = files.save("evidence/a.pdf", ContentFile(b"first"))
    second = files.save("evidence/a.pdf", ContentFile(b"second"))
    assert first == "evidence/a.pdf" != second
    assert (read(files, first), read(files, second)) == (b"first", b"second")
    assert sorted(files.names()) == sorted([first, second])
    files.delete(first)
    assert list(files.names()) == [second]


def test_a_second_making_takes_the_place_of_the_first(files: Files) -> None:
    for content in (b"first" * 1000, b"second"):
        path = finished(files, "packs/a.pdf", content)
        files.take(path, "packs/a.pdf")
        assert not path.exists()
    assert read(files, "packs/a.pdf") == b"second"
    with pytest.raises(FileNotFoundError):
        files.take(path, "packs/a.pdf")


def test_what_is_not_there_is_lost_and_not_away(files: Files) -> None:
    files.take(finished(files, "packs/a.pdf"), "packs/a.pdf")
    with pytest.raises(FileNotFoundError):
        files.open("packs/b.pdf")
    assert files.is_there("packs")
    files.remove("packs/b.pdf")


def test_a_folder_comes_and_goes_whole(files: Files) -> None:
    for name in ("one", "two"):
        folder = files.working_folder(f"data/{name}.part")
        folder.mkdir(parents=True)
        (folder / "a.csv").write_text(name)
        (folder / "b.csv").write_text(name)
        files.take_folder(folder, f"data/{name}")
    assert sorted(files.names("data")) == ["data/one/a.csv", "data/one/b.csv", "data/two/a.csv", "data/two/b.csv"]
    assert read(files, "data/two/b.csv") == b"two"
    files.remove("data/one")
    assert sorted(files.names("data")) == ["data/two/a.csv", "data/two/b.csv"]


def test_what_is_old_is_named_finished_or_not(files: Files) -> None:
    files.take(finished(files, "packs/a.pdf"), "packs/a.pdf")
    left = finished(files, "packs/b.pdf")
    assert list(files.older_than(time.time() - 3600, within="packs")) == []
    old = set(files.older_than(time.time() + 3600, within="packs"))
    assert old == {"packs/a.pdf", f"packs/{left.name}"}
    for name in old:
        files.remove(name)
    assert not left.exists()
    assert list(files.older_than(time.time() + 3600, within="packs")) == []


def test_a_restored_folder_takes_the_place_of_all(files: Files, tmp_path: Path) -> None:
    files.save("packs/old.pdf", ContentFile(b"old"))
    files.save("evidence/both.pdf", ContentFile(b"old"))
    new = tmp_path / "new"
    (new / "evidence").mkdir(parents=True)
    (new / "evidence/both.pdf").write_bytes(b"new")
    files.replace_all(new)
    assert list(files.names()) == ["evidence/both.pdf"]
    assert read(files, "evidence/both.pdf") == b"new"


@pytest.mark.parametrize("name", ["../secret_key", "packs/../../secret_key", "/etc/passwd"])
def test_no_name_leads_out(files: Files, name: str) -> None:
    with pytest.raises(Exception, match=r"denied|located outside|path traversal|File does not exist"):
        files.open(name)


def test_a_bucket_that_is_away_is_an_error_of_storage_within_seconds_and_tells_no_key(
    settings: Any, bucket: dict[str, Any], tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    use_bucket(settings, {**bucket, "endpoint_url": "http://127.0.0.1:1"})
    away, began = private_files(), time.monotonic()
    path = finished(away, "packs/a.pdf")
    for attempt in (
        lambda: away.open("packs/a.pdf"),
        lambda: away.save("evidence/a.pdf", ContentFile(b"x")),
        lambda: away.take(path, "packs/a.pdf"),
    ):
        with pytest.raises(OSError, match="can't be reached") as raised:
            attempt()
        assert bucket["secret_key"] not in str(raised.value)
        assert not isinstance(raised.value, FileNotFoundError)
    assert not away.is_there("packs")
    assert path.exists()
    assert time.monotonic() - began < 30


def test_a_bucket_that_is_not_there_is_an_error_of_storage(settings: Any, bucket: dict[str, Any]) -> None:
    use_bucket(settings, {**bucket, "bucket_name": "nobodys"})
    with pytest.raises(OSError, match="NoSuchBucket"):
        private_files().save("a", ContentFile(b"x"))
    assert not private_files().is_there("packs")


def test_no_address_leads_to_a_file_in_a_bucket(settings: Any, bucket: dict[str, Any]) -> None:
    use_bucket(settings, bucket)
    with pytest.raises(ValueError, match="no address"):
        private_files().url("packs/a.pdf")


def test_a_full_disk_leaves_no_torn_file(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path

    class TooLong(ContentFile):
        def chunks(self, chunk_size: int | None = None) -> Any:
            yield b"half"
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OSError, match="No space left"):
        private_files().save("evidence/a.pdf", TooLong(b""))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

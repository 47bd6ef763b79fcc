"""What is no whole, unaltered archive of this site or an older release is refused before anything is changed."""

import io
import json
import tarfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from portal.operations import backing_up, databases
from portal.operations.archive import MANIFEST, SIGNATURE, Manifest, NotRestored, unpack, writing
from portal.operations.models import WorkerHeartbeat
from tests.factories import UserFactory

Members = dict[str, bytes]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A small archive as `backup` writes them."""
    return make_archive(tmp_path / "backup.tar")


def make_archive(path: Path, **about: Any) -> Path:
    told: dict[str, Any] = {"engine": connection.vendor, "release": "1", "made_at": "", "migrations": [], "rows": {}}
    with writing(path, Manifest(**{**told, **about})) as writer:
        for name in (databases.NAMES[connection.vendor], "files/packs/a.pdf"):
            writer.add(name, io.BytesIO(b"content" * 100), 700)
    return path


def members_of(path: Path) -> Members:
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


def rewrite(path: Path, change: Callable[[Members], Any]) -> None:
    members = members_of(path)
    change(members)
    with tarfile.open(path, "w") as tar:
        for name, content in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            tar.addfile(about, io.BytesIO(content))


def test_an_archive_comes_back_as_it_was_and_is_for_this_user_alone(archive: Path, tmp_path: Path) -> None:
    manifest = unpack(archive, tmp_path / "out")
    assert (tmp_path / "out/files/packs/a.pdf").read_bytes() == b"content" * 100
    assert set(manifest.members) == {databases.NAMES[connection.vendor], "files/packs/a.pdf"}
    assert archive.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"backup.tar", "out"}


def test_no_backup_takes_the_place_of_another(archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(FileExistsError):
        make_archive(archive)
    assert archive.read_bytes() == before
    assert len(list(archive.parent.iterdir())) == 1


@pytest.mark.parametrize("share", [0, 0.1, 0.4, 0.6, 0.9])
def test_what_is_cut_short_is_refused(archive: Path, tmp_path: Path, share: float) -> None:
    content = archive.read_bytes().rstrip(b"\0")
    archive.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(NotRestored, match=r"whole archive|cut short"):
        unpack(archive, tmp_path / "out")


def test_any_flipped_byte_of_what_counts_is_noticed(archive: Path, tmp_path: Path) -> None:
    content = archive.read_bytes()
    for at in (content.index(b"contentcontent") + 3, content.index(b'"rows"') + 2, content.rindex(b"{") + 1):
        altered = bytearray(content)
        altered[at] ^= 1
        archive.write_bytes(altered)
        with pytest.raises(NotRestored):
            unpack(archive, tmp_path / f"out-{at}")


def _with_other_rows(members: Members) -> None:
    members[MANIFEST] = members[MANIFEST].replace(b'"rows": {}', b'"rows": {"x": 1}')


def _of_the_future(members: Members) -> None:
    members[MANIFEST] = json.dumps({**json.loads(members[MANIFEST]), "format": 2}).encode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_with_other_rows, "SECRET_KEY"),
        (_of_the_future, "newer than this release"),
        (lambda members: members.update({MANIFEST: b"{}"}), "manifest"),
        (lambda members: members.update({MANIFEST: b"\xff"}), "manifest"),
        (lambda members: members.pop("files/packs/a.pdf"), "files/packs/a.pdf is not as"),
        (lambda members: members.update({"files/packs/a.pdf": b"other"}), "files/packs/a.pdf is not as"),
        (lambda members: members.pop(SIGNATURE), "cut short"),
        (lambda members: members.update({"files/late.pdf": b""}), "no backup writes"),
    ],
)
def test_what_was_altered_is_refused(archive: Path, tmp_path: Path, change: Any, told: str) -> None:
    rewrite(archive, change)
    with pytest.raises(NotRestored, match=told):
        unpack(archive, tmp_path / "out")


@pytest.mark.parametrize("name", ["../escaped", "/escaped", "files/../../escaped"])
def test_nothing_is_written_outside_the_folder(archive: Path, tmp_path: Path, name: str) -> None:
    rewrite(archive, lambda members: (members.clear(), members.update({name: b"x"})))
    with pytest.raises(NotRestored, match="no backup writes"):
        unpack(archive, tmp_path / "a" / "out")
    assert not list(tmp_path.rglob("escaped"))


def test_links_and_devices_are_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        about = tarfile.TarInfo("files/x")
        about.type, about.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(about)
    with pytest.raises(NotRestored, match="no backup writes"):
        unpack(tmp_path / "b.tar", tmp_path / "out")


def test_another_sites_archive_is_taken_when_one_says_so(archive: Path, tmp_path: Path, settings: Any) -> None:
    settings.SECRET_KEY = "another key, of another site"
    with pytest.raises(NotRestored, match="--of-another-site"):
        unpack(archive, tmp_path / "out")
    unpack(archive, tmp_path / "again", of_another_site=True)
    rewrite(archive, lambda members: members.update({"files/packs/a.pdf": b"other"}))
    with pytest.raises(NotRestored, match="is not as"):
        unpack(archive, tmp_path / "third", of_another_site=True)


def test_an_archive_signed_before_the_key_was_changed_is_still_ours(
    archive: Path, tmp_path: Path, settings: Any
) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the key of today"
    unpack(archive, tmp_path / "out")


# --- the place it is for --------------------------------------------------------------------


@pytest.fixture
def untouched(monkeypatch: Any, settings: Any, tmp_path: Path) -> None:
    """Whatever is restored here fails the test."""

    def overwritten(*args: Any) -> None:
        pytest.fail("the database was overwritten")

    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(databases, "load", overwritten)


@pytest.mark.django_db
@pytest.mark.usefixtures("untouched")
def test_what_is_in_use_is_replaced_only_when_one_says_so(archive: Path) -> None:
    UserFactory()
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", str(archive))


@pytest.mark.django_db
@pytest.mark.usefixtures("untouched")
def test_nothing_is_restored_under_a_living_worker(archive: Path) -> None:
    WorkerHeartbeat.objects.beat("host/7")
    with pytest.raises(CommandError, match=r"host/7 gave a sign of life.*Stop web servers and workers"):
        call_command("restore", str(archive), "--replace")
    WorkerHeartbeat.objects.update(at=timezone.now() - timedelta(minutes=2))
    with pytest.raises(pytest.fail.Exception, match="overwritten"):
        call_command("restore", str(archive), "--replace")


@pytest.mark.django_db
@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"migrations": [["operations", "0001_initial"], ["operations", "9999_later"]]}, "operations.9999_later"),
        ({"engine": "oracle"}, "DATABASE_URL"),
    ],
)
def test_what_this_release_or_database_can_not_hold_is_refused(tmp_path: Path, about: Any, told: str) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("restore", str(make_archive(tmp_path / "b.tar", **about)), "--replace")


@pytest.mark.django_db
@pytest.mark.usefixtures("untouched")
def test_no_archive_at_all_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can’t be unpacked"):
        call_command("restore", str(tmp_path / "nothing.tar"))
    (tmp_path / "text.tar").write_text("no archive")
    with pytest.raises(CommandError, match="no whole archive"):
        call_command("restore", str(tmp_path / "text.tar"))


@pytest.mark.django_db
def test_a_backup_that_can_not_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no folder"):
        call_command("backup", str(tmp_path / "nowhere" / "b.tar"))
    (tmp_path / "b.tar").touch()
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(tmp_path / "b.tar"))


def test_the_restore_swaps_files_in_one_step(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media/packs").mkdir(parents=True)
    (tmp_path / "media/packs/old.pdf").write_text("old")
    (tmp_path / "new/packs").mkdir(parents=True)
    (tmp_path / "new/packs/new.pdf").write_text("new")
    backing_up.private_files().replace_all(tmp_path / "new")
    assert list(backing_up.private_files().names()) == ["packs/new.pdf"]
    assert [path.name for path in tmp_path.iterdir()] == ["media"]

"""The whole catalogue as files: the API's rows in every format, only what is public, whole or not at all."""

import csv
import gc
import hashlib
import io
import json
import os
import time
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from portal.adoption.models import AdoptionRecord
from portal.benefits.models import BenefitFigure, Measure
from portal.catalogue.models import CatalogueVersion
from portal.catalogue.services import withdraw_entry
from portal.core.files_on_disk import FilesOnDisk
from portal.core.private_files import folder_for, private_files
from portal.core.templatetags.components import figure_text
from portal.exchange import tasks
from portal.exchange.bulk import building, tables
from portal.exchange.bulk.building import AnotherRuns, make_files, remove_old
from portal.exchange.bulk.tables import TABLES, WALKS
from portal.exchange.models import DataFile, DataRelease
from portal.organisations.models import Organisation
from tests.exchange.api_scene import get, make_scene, walk
from tests.factories import (
    AdoptionRecordFactory,
    EvidenceFactory,
    InnovationFactory,
    TrustFactory,
    UserFactory,
    add_figure,
    cite,
)

FORMULA = "=HYPERLINK(0)"


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def folder_of(release: DataRelease) -> Path:
    return Path(settings.MEDIA_ROOT) / release.folder


def rows_of(release: DataRelease, table: str) -> list[dict[str, str]]:
    text = (folder_of(release) / f"{table}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def lines_of(release: DataRelease, walked: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder_of(release) / f"{walked}.jsonl").read_text().splitlines()]


def hide() -> None:
    """Add a draft, an edit that waits and an entry that was withdrawn, each with a word readers must not see."""
    draft = InnovationFactory(title="Wallaroo")
    cite(draft, evidence=EvidenceFactory(key="wallaroo", title="Wallaroo"), finding="Wallaroo")
    gone = InnovationFactory(published=True, title="Wallaroo gone")
    add_figure(gone, label="Wallaroo", measure=Measure.objects.get())
    AdoptionRecordFactory(entry=gone, organisation=TrustFactory(), note="Wallaroo", said_by="Wallaroo")
    withdraw_entry(entry=gone, by=UserFactory(), reason="Test")


@pytest.mark.django_db
def test_files_hold_what_the_api_tells_of_all_that_is_public_and_nothing_else(client: Client) -> None:
    app = make_scene()
    add_figure(app, label=FORMULA, measure=Measure.objects.get(), note="\t=1+1", value=8)
    edited = type(app).objects.get(pk=app.pk)
    edited.summary = "Wallaroo"
    edited.save_revision(clean=False)
    hide()
    release = make_files()

    assert lines_of(release, "innovations") == [get("innovations/app/")]
    assert lines_of(release, "case_studies") == [get("case-studies/bank/")]
    assert lines_of(release, "adoption") == list(walk("adoption/"))
    for name in ("evidence", "measures", "organisations"):
        key = "code" if name == "organisations" else "key"
        told = {one[key]: one for one in lines_of(release, name)}
        assert set(told) == {one[key] for one in walk(f"{name}/")}
        assert all(one == get(f"{name}/{value}/") for value, one in told.items())

    figures = {row["id"]: row for row in rows_of(release, "figures")}
    public = BenefitFigure.objects.public().for_rows()
    assert {key: row["text"] for key, row in figures.items()} == {
        str(one.public_id): figure_text(one) for one in public
    }
    hostile = next(row for row in figures.values() if FORMULA in row["label"])
    assert (hostile["label"], hostile["note"]) == (f"'{FORMULA}", "'=1+1")
    exact = next(row for row in figures.values() if row["value"] == "1250.5")
    assert [exact[name] for name in ("unit", "qualifier", "basis", "period_text", "place_code")] == [
        "hours",
        "about",
        "observed",
        "2023/24",
        "RQM",
    ]
    assert rows_of(release, "innovations")[0]["themes"] == "banks"
    assert rows_of(release, "participants")[0]["organisation_code"] == "RQM"

    book = load_workbook(folder_of(release) / "catalogue.xlsx")
    assert book.sheetnames == ["About", "Dictionary", *TABLES]
    sheet = [[cell.value for cell in row] for row in book["figures"].iter_rows()]
    label, value = sheet[0].index("label"), sheet[0].index("value")
    assert {row[label] for row in sheet[1:]} == {one.label for one in public}
    assert {float(row[value]) for row in sheet[1:]} == {1250.5, 8.0}
    assert all(cell.data_type != "f" for table in book for row in table.iter_rows() for cell in row)

    written = b"".join(
        path.read_bytes() for path in folder_of(release).iterdir() if path.suffix not in (".zip", ".xlsx")
    )
    assert b"Wallaroo" not in written
    assert "Wallaroo" not in str(sheet)


@pytest.mark.django_db
def test_files_are_explained_checked_dated_and_licensed(client: Client) -> None:
    make_scene()
    assert "not made yet" in client.get("/data/").text
    before = client.get("/data/")["ETag"]
    release = make_files()
    files = {file.name: file for file in release.files.all()}
    assert set(files) == {path.name for path in folder_of(release).iterdir()}

    sums = dict(reversed(line.split()) for line in (folder_of(release) / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == set(files) - {"SHA256SUMS"}
    for name, file in files.items():
        content = (folder_of(release) / name).read_bytes()
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert sums.get(name, file.sha256) == file.sha256
    for ending in ("csv", "jsonl"):
        with zipfile.ZipFile(folder_of(release) / f"catalogue-{ending}.zip") as packed:
            assert {"README.txt", "datapackage.json", "dictionary.csv"} < set(packed.namelist())
            assert all(packed.read(name) == (folder_of(release) / name).read_bytes() for name in packed.namelist())

    package = json.loads((folder_of(release) / "datapackage.json").read_text())
    assert package["created"] == release.as_at.isoformat()
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    for resource in package["resources"]:
        assert resource["hash"] == f"sha256:{files[resource['path']].sha256}"
        header = (folder_of(release) / resource["path"]).read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        assert [one["name"] for one in resource["schema"]["fields"]] == header
        assert all(one["description"] for one in resource["schema"]["fields"])
    assert {table.name for table in TABLES.values()} == {one["name"] for one in package["resources"]}

    page = client.get("/data/", headers={"if-none-match": before})
    told = {one["name"]: one for one in walk("files/")}
    assert set(told) == set(files)
    for name, file in files.items():
        assert file.sha256 in page.text
        assert f'href="{file.get_absolute_url()}"' in page.text
        assert (told[name]["sha256"], told[name]["licence"]) == (file.sha256, "CC-BY-4.0")
        assert told[name]["url"].endswith(file.get_absolute_url())
    assert "Creative Commons Attribution 4.0" in page.text


@pytest.mark.django_db
def test_a_file_is_handed_out_whole_told_unchanged_and_gone_when_old(client: Client, settings: Any) -> None:
    settings.DATA_FILES_KEPT = 1
    InnovationFactory(published=True)
    first = make_files()
    address = client.get("/data/newest/figures.csv")["Location"]
    answer = client.get(address)
    assert body(answer) == (folder_of(first) / "figures.csv").read_bytes()
    tag = answer["ETag"]
    assert "immutable" in answer["Cache-Control"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304

    DataRelease.objects.filter(pk=first.pk).update(name="2020-01-01-000000")
    first.refresh_from_db()
    (folder_of(first).parent / address.split("/")[2]).rename(folder_of(first))
    half_read = client.get(f"/data/{first.name}/figures.csv")
    second = make_files()
    assert body(half_read) == (folder_of(second) / "figures.csv").read_bytes()
    assert not folder_of(first).exists()
    assert client.get(f"/data/{first.name}/figures.csv").status_code == 410
    assert client.get(f"/data/{second.name}/nonsense.csv").status_code == 404
    assert client.get("/data/nonsense/figures.csv").status_code == 404
    assert client.get("/data/newest/nonsense.csv").status_code == 404
    assert client.get("/data/newest/figures.csv")["Location"] == f"/data/{second.name}/figures.csv"
    # A file lost behind the row is gone too, never half there.
    (folder_of(second) / "figures.csv").unlink()
    assert client.get(f"/data/{second.name}/figures.csv").status_code == 404


@pytest.mark.django_db
def test_files_are_made_one_at_a_time_and_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    folder = folder_for(DataRelease.FOLDER)
    running = DataRelease.objects.create(name="2020-01-01-000000", lease_until=timezone.now() + timedelta(hours=1))
    with pytest.raises(AnotherRuns):
        make_files()
    with pytest.raises(CommandError, match="being made already"):
        call_command("make_data_files")
    DataRelease.objects.filter(pk=running.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(building, "write_about", full)
        with pytest.raises(CommandError, match="No space left"):
            call_command("make_data_files")
    assert list(folder.iterdir()) == []
    assert [one.error for one in DataRelease.objects.order_by("name")] == [
        "The work stopped without a word.",
        "No space left on device",
    ]
    assert not DataFile.objects.exists()
    assert not DataRelease.objects.is_due(timezone.now())
    assert DataRelease.objects.is_due(timezone.now() + timedelta(hours=2))
    DataRelease.objects.all().delete()

    take_folder = FilesOnDisk.take_folder

    def lose(folder: Path, *args: Any) -> None:
        DataRelease.objects.update(lease="00000000-0000-0000-0000-000000000000")

    with monkeypatch.context() as patched:
        patched.setattr(FilesOnDisk, "take_folder", lambda self, *names: (lose(*names), take_folder(self, *names)))
        with pytest.raises(AnotherRuns, match="its files are the ones to take"):
            make_files()
    assert list(folder.iterdir()) == []
    stray = folder / "2020-01-01-000000.part"
    stray.mkdir()
    long_ago = time.time() - 2 * building.STRAY_AFTER_SECONDS
    os.utime(stray, (long_ago, long_ago))
    remove_old()
    assert list(folder.iterdir()) == []


@pytest.mark.django_db
def test_files_are_due_once_a_night() -> None:
    releases = DataRelease.objects
    until = datetime(2026, 7, 2, tzinfo=UTC)

    def due(*moment: int) -> bool:
        return releases.is_due(datetime(2026, 7, *moment, tzinfo=UTC))

    assert due(1, 12)
    made = releases.create(name="1", state="ready", began_at=datetime(2026, 7, 1, 0, 59, tzinfo=UTC), lease_until=until)
    # The hour of the night is London's: two o'clock in summer is one in UTC.
    assert (due(1, 0, 59), due(1, 1)) == (False, True)
    made.began_at = datetime(2026, 7, 1, 1, tzinfo=UTC)
    made.save()
    assert (due(1, 23), due(2, 0, 59), due(2, 1)) == (False, False, True)
    releases.create(name="2", state="running", lease_until=datetime(2026, 7, 2, 3, tzinfo=UTC))
    assert (due(2, 2), due(2, 4)) == (False, True)


@pytest.mark.django_db
def test_a_making_costs_the_same_queries_for_many_rows_as_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_scene()

    def cost() -> int:
        CatalogueVersion.move()  # nothing is at hand from the time before
        with CaptureQueriesContext(connection) as queries:
            for each in WALKS:
                list(each.chunks())
        return len(queries)

    few = cost()
    for number in range(3):
        entry = InnovationFactory(published=True, title=f"Further {number}", other_names=["It"])
        add_figure(entry, measure=Measure.objects.get(), place=Organisation.objects.get(code="ENG"))
        AdoptionRecordFactory(entry=app, organisation=TrustFactory(), stage="piloting", on="2026-02", said_by="It")
    assert cost() == few


@pytest.mark.django_db
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many reports of one entry; whatever is walked is walked by the same few lines."""
    entry, trust = InnovationFactory(published=True), TrustFactory()
    monkeypatch.setattr(tables, "AT_ONCE", 20)
    monkeypatch.setattr(building, "WALKS", [one for one in WALKS if one.name == "adoption"])

    def peak(rows: int) -> int:
        AdoptionRecord.objects.all().delete()
        days = [f"{1990 + n // 336}-{n // 28 % 12 + 1:02d}-{n % 28 + 1:02d}" for n in range(rows)]
        AdoptionRecord.objects.bulk_create(
            AdoptionRecord(entry=entry, organisation=trust, stage="adopted", on=on, said_by="It", note=on * 200)
            for on in days
        )
        tracemalloc.start()
        release = make_files()
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(lines_of(release, "adoption")) == rows
        DataRelease.objects.all().delete()
        private_files().remove(release.folder)  # the next may be made in the same second
        return used

    peak(20)  # imports and caches
    # What other tests left alive would put off the collection of garbage that is ours; a worker looks for it often.
    gc.collect()
    gc.freeze()
    seldom = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    few, many = peak(60), peak(720)
    gc.set_threshold(*seldom)
    gc.unfreeze()
    written = 660 * 2000
    assert many - few < written / 4, (few, many)


@pytest.mark.slow
@pytest.mark.worker
def test_the_worker_makes_the_nights_files_in_a_process_of_its_own(
    child_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    for name in ("DATABASE_URL", "VAR_DIR"):
        monkeypatch.setenv(name, child_environment[name])
    settings.MEDIA_ROOT = settings.VAR_DIR / "media"
    InnovationFactory(published=True, title="By night")
    settings.DATA_FILES_KEEP_READY = True
    tasks.keep_data_files()
    assert [child.wait(timeout=60) for child in tasks._started] == [0]
    tasks.keep_data_files()
    assert len(tasks._started) == 1
    release = DataRelease.objects.get()
    assert [row["title"] for row in rows_of(release, "innovations")] == ["By night"]

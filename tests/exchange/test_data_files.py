"""A broken data file fails with file, key and reason, and nothing is loaded."""

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.catalogue.models import Entry, EntryChange
from portal.evidence.models import Evidence
from portal.exchange.data_files import read_data_files
from portal.exchange.loading import load_data_files
from portal.exchange.yaml_files import BrokenDataFile
from tests.exchange.conftest import ROOT

FOLDERS = ["portal/adoption", "portal/catalogue", "portal/evidence", "portal/benefits", "portal/organisations/tables"]


@pytest.fixture
def data_root(tmp_path: Path) -> Path:
    """The real lists, measures and tables, with two entries of each kind."""
    for folder in FOLDERS:
        for path in [*(ROOT / folder).glob("*.yaml"), *(ROOT / folder).glob("*.csv")]:
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
            shutil.copy(path, tmp_path / folder)
    shutil.copytree(ROOT / "portal/benefits/measures", tmp_path / "portal/benefits/measures")
    for name in (
        "innovations/entries/sleepio.yaml",
        "innovations/entries/digital-staff-bank-patchwork.yaml",
        "casestudies/entries/north-west-collaborative-bank.yaml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def change(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


SLEEPIO = "innovations/entries/sleepio.yaml"


def test_the_small_set_is_in_order(data_root: Path) -> None:
    assert list(read_data_files(data_root).innovations) == ["digital-staff-bank-patchwork", "sleepio"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("title: Sleepio", "titel: Sleepio", r"sleepio\.yaml: title: Field required"),
        ("title: Sleepio", "titel: Sleepio", r"sleepio\.yaml: titel: Extra inputs are not permitted"),
        ("reviewed: 2026-11-22", "reviewed: last week", r"sleepio\.yaml: reviewed: .*valid date"),
        ("themes: [retention-wellbeing", "themes: [sleeping", r"sleepio\.yaml: themes: there is no tag .* 'sleeping'"),
        (
            "measure: costs-avoided",
            "measure: cost-avoided",
            r"figures\..*\.measure: there is no measure 'cost-avoided'",
        ),
        ("value: 71027", "value: lots", r"figures\.0\.value: Input should be a valid decimal"),
        ("basis: modelled", "basis: guessed", r"figures\.0\.basis: Input should be 'observed', 'modelled'"),
        ("period: not stated", "period: some time", r"figures\.0\.period: 'some time' is not a period"),
        ("title: Sleepio", "title: Sleepio\ntitle: Sleepio", r"sleepio\.yaml: not readable as YAML: .*'title' stands"),
        ("summary:", "summary: [", r"sleepio\.yaml: not readable as YAML"),
    ],
)
def test_a_broken_entry_names_file_key_and_reason(data_root: Path, old: str, new: str, says: str) -> None:
    change(data_root, SLEEPIO, old, new)
    with pytest.raises(BrokenDataFile, match=says):
        read_data_files(data_root)


def test_every_problem_is_told_at_once(data_root: Path) -> None:
    change(data_root, SLEEPIO, "title: Sleepio", "titel: Sleepio")
    change(data_root, "portal/benefits/measures/costs-avoided.yaml", "additive: true", "additive: perhaps")
    with pytest.raises(BrokenDataFile) as problem:
        read_data_files(data_root)
    assert "sleepio.yaml: titel" in str(problem.value)
    assert "costs-avoided.yaml: additive" in str(problem.value)


def test_a_broken_table_names_file_row_column_and_reason(data_root: Path) -> None:
    change(data_root, "portal/organisations/tables/trusts.csv", ",Y56,", ",Y99,")
    with pytest.raises(BrokenDataFile, match=r"trusts\.csv: row \d+: region: no organisation has the code 'Y99'"):
        read_data_files(data_root)


def test_a_missing_file_is_named(data_root: Path) -> None:
    (data_root / "portal/catalogue/tags.yaml").unlink()
    with pytest.raises(BrokenDataFile, match=r"portal/catalogue/tags\.yaml: the file is missing"):
        read_data_files(data_root)


def test_a_source_described_twice_is_refused(data_root: Path) -> None:
    shutil.copy(data_root / SLEEPIO, data_root / "innovations/entries/sleepio-again.yaml")
    with pytest.raises(BrokenDataFile, match=r"uses the same key; move the source to portal/evidence/shared\.yaml"):
        read_data_files(data_root)


@pytest.mark.django_db
def test_nothing_is_loaded_from_a_set_with_one_broken_file(data_root: Path) -> None:
    change(data_root, SLEEPIO, "value: 71027", "value: lots")
    with pytest.raises(CommandError, match=r"Nothing was loaded\. Mend these first:\n.*figures\.0\.value"):
        call_command("load_entries", root=data_root)
    assert not Entry.objects.exists()
    assert not Evidence.objects.exists()


@pytest.mark.django_db
def test_a_changed_file_makes_a_new_version_and_drops_what_it_no_longer_says(data_root: Path) -> None:
    load_data_files(data_root)
    before = Entry.objects.get(slug="sleepio")
    figures = set(before.figures.values_list("public_id", flat=True))
    change(data_root, SLEEPIO, "title: Sleepio", "title: Sleepio, renamed")
    path = data_root / SLEEPIO
    text = path.read_text()
    path.write_text(text[: text.index("\nadoption:")] + "\n")

    report = load_data_files(data_root)

    assert report is not None
    assert report.updated == ["sleepio"]
    after = Entry.objects.get(slug="sleepio")
    assert (after.pk, after.version, after.title) == (before.pk, 2, "Sleepio, renamed")
    assert set(after.figures.values_list("public_id", flat=True)) == figures
    assert not after.coverage_claims.exists()
    assert not after.adoption_records.exists()


@pytest.mark.django_db
def test_a_corrected_file_is_told_in_the_trail_and_what_it_left_alone_is_not(data_root: Path) -> None:
    load_data_files(data_root)
    assert {(change.origin, *change.sentences) for change in EntryChange.objects.all()} == {
        ("data_files", "First published.")
    }
    change(data_root, SLEEPIO, "value: 71027", "value: 71000")
    load_data_files(data_root)

    (sentence,) = EntryChange.objects.get(entry__slug="sleepio", version=2).sentences
    assert sentence == "Primary care costs avoided in the study practices corrected from £71,027 to £71,000."
    assert EntryChange.objects.filter(version=2).count() == 1

"""The doctor: what it finds, each failure with its fix, and the exit code."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from portal.operations import doctor
from portal.operations.models import WorkerHeartbeat

QUICK = (
    "settings",
    "database",
    "migrations",
    "storage",
    "broker",
    "worker",
    "queue",
    "clock",
    "disk",
    "backup",
    "fonts",
)


def told(*parts: str) -> str:
    out = StringIO()
    call_command("doctor", "--only", *parts, stdout=out)
    return out.getvalue()


def failure(part: str) -> str:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--only", part, stdout=out)
    assert ended.value.code == 1
    assert "FAILED" in out.getvalue()
    assert "Fix: " in out.getvalue()
    return out.getvalue()


@pytest.mark.django_db
def test_a_well_site_is_told_part_by_part_in_a_table() -> None:
    WorkerHeartbeat.objects.beat("host/1")
    lines = told(*QUICK).splitlines()
    assert [line.split()[0] for line in lines[: len(QUICK)]] == list(QUICK)
    assert len({line.index(" ok ") for line in lines[: len(QUICK)]}) == 1
    assert lines[-1] == "All 11 parts are well."


def test_a_licence_that_nobody_set_is_told_to_be_confirmed(settings: Any) -> None:
    settings.DATA_LICENCE_IS_CONFIRMED = False
    assert "(CC-BY-4.0), which nobody has confirmed: set DATA_LICENCE" in told("licence")
    settings.DATA_LICENCE, settings.DATA_LICENCE_IS_CONFIRMED = "OGL-UK-3.0", True
    assert "(OGL-UK-3.0), as DATA_LICENCE says." in told("licence")


@pytest.mark.slow
def test_a_pdf_is_made_by_the_real_renderer_and_audited() -> None:
    assert "passed its audit" in told("pdf")


def test_a_renderer_that_dies_is_told_with_what_to_install(monkeypatch: Any) -> None:
    monkeypatch.setattr(doctor, "renderer", lambda: ["/bin/false"])
    assert "libpango-1.0-0" in failure("pdf")


@pytest.mark.parametrize(
    ("part", "change", "says"),
    [
        ("fonts", ("portal.operations.doctor.font_families", lambda: {"Noto Sans"}), "missing: Liberation Sans"),
        ("disk", ("portal.operations.doctor.FREE_BYTES", 10**18), "Make room"),
        ("clock", ("portal.operations.doctor.MOST_SECONDS_APART", -1), "Set the clocks"),
        ("worker", ("portal.operations.parts.SILENT_AFTER", None), "serve --only worker"),
    ],
)
@pytest.mark.django_db
def test_what_is_not_well_has_a_fix_and_fails(part: str, change: Any, says: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(*change)
    assert says in failure(part)


@pytest.mark.django_db
def test_a_program_too_old_to_back_the_database_up_is_told(monkeypatch: Any) -> None:
    if connection.vendor == "sqlite":
        assert "backs itself up" in told("backup")
        return
    assert "backs up PostgreSQL" in told("backup")
    monkeypatch.setattr(doctor, "version_of_pg_dump", lambda: 9)
    assert "pg_dump 9 can't back up" in failure("backup")
    monkeypatch.undo()
    monkeypatch.setenv("PATH", "/nowhere")
    assert "pg_dump is not here" in failure("backup")


@pytest.mark.django_db
def test_a_folder_that_can_not_be_written_is_told(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.MEDIA_ROOT = tmp_path / "file"
    assert "Let the portal's user write" in failure("storage")


def test_unsafe_settings_of_production_are_told(settings: Any) -> None:
    settings.IS_PRODUCTION, settings.SECURE_HSTS_SECONDS = True, 0
    assert "security.W" in failure("settings")


def test_mail_that_nobody_gets_is_told(settings: Any) -> None:
    assert "Mail is printed" in told("mail")
    settings.IS_PRODUCTION = True
    assert "Set EMAIL_HOST" in failure("mail")
    settings.EMAIL_HOST = "mail.example.nhs.uk"
    assert "Mail goes to mail.example.nhs.uk." in told("mail")

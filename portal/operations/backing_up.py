"""Back the site up into one file, and restore it from one."""

import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from portal.catalogue.models import CatalogueVersion
from portal.core.private_files import private_files
from portal.operations import databases
from portal.operations.archive import FILES, Manifest, NotRestored, unpack, writing
from portal.operations.databases import NotBackedUp
from portal.operations.models import WorkerHeartbeat
from portal.operations.parts import SILENT_AFTER

MADE_AGAIN = ("briefs/",)
"""Files that the site makes anew when they are asked for."""
OF_PEOPLE = ("accounts.User", "catalogue.Entry")
"""A site with a row of these is in use."""


def back_up(target: Path) -> tuple[Path, Manifest]:
    """Write a backup as a new file, or into a folder under a name of its moment. Raises NotBackedUp.

    The database is read at one moment, then the files: one is finished before its row names it, so every file that
    the rows of that moment name is there, unless it was removed in the seconds since; those are listed as gone.
    """
    final = target / f"portal-{timezone.now():%Y-%m-%d-%H%M%S-%f}.tar" if target.is_dir() else target
    if final.exists():
        raise NotBackedUp(f"{final} is there already. Name another file, or a folder.")
    if not final.parent.is_dir():
        raise NotBackedUp(f"{final.parent} is no folder. Make it first.")
    with _working_folder() as folder:
        dumped = folder / databases.NAMES[connection.vendor]
        rows, migrations = databases.dump(dumped)
        made_at = timezone.now().isoformat(timespec="seconds")
        manifest = Manifest(connection.vendor, release(), made_at, migrations, rows)
        with writing(final, manifest) as archive:
            with dumped.open("rb") as file:
                archive.add(dumped.name, file, dumped.stat().st_size)
            for name in _names_of_files():
                try:
                    kept: Any = private_files().open(name)
                except FileNotFoundError:
                    manifest.gone.append(name)
                    continue
                with kept:
                    archive.add(f"{FILES}{name}", kept, kept.size)
    return final, manifest


def release() -> str:
    try:
        return version("workforce-innovation-portal")
    except PackageNotFoundError:  # run from its checkout, as bin/run does
        with Path(settings.BASE_DIR, "pyproject.toml").open("rb") as file:
            return str(tomllib.load(file)["project"]["version"])


def _names_of_files() -> Iterator[str]:
    return (name for name in private_files().names() if not name.startswith((*MADE_AGAIN, ".")))


@contextmanager
def _working_folder() -> Iterator[Path]:
    """On the disk where files are kept, so that they can be put in place by a rename."""
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix="backup-") as folder:
        yield Path(folder)


def restore(archive: Path, *, replace: bool = False, of_another_site: bool = False) -> Manifest:
    """Put a backup in the place of what this site holds. Raises NotRestored, and has changed nothing then.

    First all is unpacked and judged, then the database is put in place in one step, then the files;
    last, migrations that this release has and the backup lacks are run.
    """
    with _working_folder() as folder:
        try:
            manifest = unpack(archive, folder, of_another_site=of_another_site)
        except OSError as error:
            raise NotRestored(f"{archive} can’t be unpacked: {error.strerror or error}.") from error
        _check_fits(manifest)
        _check_place(replace=replace)
        databases.load(folder / databases.NAMES[connection.vendor])
        files = folder / FILES
        files.mkdir(exist_ok=True)
        private_files().replace_all(files)
    counted = databases.count_rows()
    if counted != manifest.rows:
        wrong = sorted(table for table in counted if counted[table] != manifest.rows.get(table))
        raise NotRestored(f"Restored, but not as it was: {', '.join(wrong)} have other numbers of rows. Restore again.")
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    # Whatever process still answers from memory, and whatever visitors keep, is of another catalogue.
    CatalogueVersion.move([])
    cache.clear()
    return manifest


def _check_fits(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise NotRestored(
            f"The archive is of {manifest.engine}, and DATABASE_URL leads to {connection.vendor}. Set DATABASE_URL to "
            f"a database of {manifest.engine}."
        )
    known = set(MigrationLoader(None).disk_migrations)
    unknown = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if unknown:
        raise NotRestored(
            f"The archive is of a newer release ({manifest.release}): this one does not know {unknown[-1]}. Install "
            "that release, or a later one."
        )


def _check_place(*, replace: bool) -> None:
    tables = set(connection.introspection.table_names())
    if WorkerHeartbeat._meta.db_table in tables:
        newest = WorkerHeartbeat.objects.newest_first().first()
        if newest and newest.age < SILENT_AFTER:  # type: ignore[attr-defined]
            raise NotRestored(
                f"The worker {newest.worker} gave a sign of life within the last minute. Stop web servers and workers, "
                "wait a minute, then restore."
            )
    held = [apps.get_model(name) for name in OF_PEOPLE]
    is_used = any(model._meta.db_table in tables and model._base_manager.exists() for model in held)
    if (is_used or any(True for _ in _names_of_files())) and not replace:
        raise NotRestored("This site holds entries, people or files. Say --replace to put the backup in their place.")

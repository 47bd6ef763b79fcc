"""Fixtures for every test: a real database in a folder of its own, quick passwords, no built static files."""

import gc
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from xdist.scheduler.loadfile import LoadFileScheduling

from portal.benefits.models import Measure
from portal.catalogue.sharing import forget_answers
from portal.core import security_log
from portal.organisations.models import Organisation
from tests.databases import fingerprint, keep, let_trail_be_emptied, take_turn
from tests.factories import CountryFactory, MeasureFactory
from tests.misbehaving import Misbehaving, misbehaving_server

pytest_plugins = ["tests.browsing", "tests.buckets", "tests.workers"]

QUICK_PASSWORDS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TOUCHES_DATABASE = {"db", "transactional_db", "module_db", "django_db_setup", "live_server"}
# Asked of one database: what lays out documents or reads files, which sees no database; what the product ships, whose
# loading test_data_files.py tries on every one; long walks, and pages, whose queries others ask of every one, last of
# all attacks/test_headers.py, which opens every address there is.
ASKED_ONCE = {
    "adoption/test_pages.py",
    "attacks/test_forms_from_elsewhere.py",
    "attacks/test_production_shape.py",
    "attacks/test_redirects.py",
    "attacks/test_shared_answers.py",
    "attacks/test_uploads.py",
    "benefits/test_files.py",
    "benefits/test_for_us_page.py",
    "benefits/test_impact_pages.py",
    "benefits/test_pages.py",
    "benefits/test_panels.py",
    "benefits/test_same_everywhere.py",
    "briefings/test_audit.py",
    "briefings/test_basket.py",
    "briefings/test_brief.py",
    "briefings/test_brief_layout.py",
    "briefings/test_builder.py",
    "briefings/test_for_us_in_pack.py",
    "briefings/test_formats.py",
    "briefings/test_front_sheet.py",
    "briefings/test_holders.py",
    "briefings/test_hostile_content.py",
    "briefings/test_rendering.py",
    "briefings/test_snapshot.py",
    "briefings/test_strength_everywhere.py",
    "briefings/test_totals_section.py",
    "briefings/test_views.py",
    "catalogue/test_change_log.py",
    "catalogue/test_compare.py",
    "catalogue/test_entry_pages.py",
    "catalogue/test_files.py",
    "catalogue/test_made_ready.py",
    "catalogue/test_sharing.py",
    "catalogue/test_stored_pages.py",
    "catalogue/test_theme_page.py",
    "catalogue/test_versions.py",
    "editing/test_costs.py",
    "editing/test_draft_brief.py",
    "editing/test_forms.py",
    "editing/test_lists.py",
    "editing/test_organisations_in_forms.py",
    "editing/test_scope.py",
    "editing/test_strength_screen.py",
    "editing/test_trail_page.py",
    "editing/test_unanswered.py",
    "evidence/test_pages.py",
    "exchange/test_api_description.py",
    "exchange/test_hostile_files.py",
    "exchange/test_import_screens.py",
    "exchange/test_real_entries.py",
    "exchange/test_sitemaps.py",
    "organisations/test_pages.py",
    # bin/faults asks these of both.
    "faults/test_web_processes.py",
    "faults/test_broker.py",
    "faults/test_database_faults.py",
    "faults/test_disk.py",
    "faults/test_migrations.py",
    "faults/test_mail.py",
    "faults/test_slow_visitors.py",
    "faults/test_word_index.py",
    "faults/test_clock.py",
    "faults/test_many_at_once.py",
}
# Counting coverage slows all code by two thirds. These ask over and over what other tests ask once.
UNCOUNTED = ("browser", "commands", "worker")
PLAIN_STATIC_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# A busy machine is no failure, and what an example found is kept by writing it into the test.
hypothesis_settings.register_profile(
    "portal", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("portal")


class ByFile(LoadFileScheduling):
    """A file's tests share what they set up, so they stay in one process; tests/commands shares one first bin/run."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/commands" if nodeid.startswith("tests/commands/") else super()._split_scope(nodeid)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-faults", action="store_true", help="The whole of tests/faults, as bin/faults asks it.")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what touches the database, the rest is the same on every one and runs once; and what counts no coverage.

    The longest file of all comes first, so that at the end no process waits for it.
    """
    for item in items:
        is_a_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if is_a_property or any(item.get_closest_marker(mark) for mark in UNCOUNTED):
            item.add_marker("no_cover")
        if f"{item.path.parent.name}/{item.path.name}" in ASKED_ONCE:
            continue
        if item.get_closest_marker("django_db") or TOUCHES_DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
    yield
    items.sort(key=lambda item: not item.get_closest_marker("commands"))


def pytest_collection_finish() -> None:
    """Look for garbage as seldom as the site does, and never among what was imported: it took a sixth of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def settings_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files of tests go to a folder of their own; static files are served from where they are written."""
    var_dir = tmp_path_factory.mktemp("var")
    (var_dir / "static").mkdir()
    counters = settings.CACHES["counters"]
    if "CountersOnDisk" in counters["BACKEND"]:
        counters = {**counters, "LOCATION": var_dir / "counters"}
    with override_settings(
        VAR_DIR=var_dir,
        MEDIA_ROOT=var_dir / "media",
        STATIC_ROOT=var_dir / "static",
        STORAGES={**settings.STORAGES, "staticfiles": PLAIN_STATIC_FILES},
        WHITENOISE_AUTOREFRESH=True,
        PASSWORD_HASHERS=QUICK_PASSWORDS,
        CACHES={**settings.CACHES, "counters": counters},
        # Those who ask most in a minute are the tests; what is limited is tested with limits of its own.
        API_PER_MINUTE=1_000_000,
        API_PER_MINUTE_BY_KEY=1_000_000,
        BRIEFINGS_ASKED_FROM_ONE_ADDRESS=(1_000_000, 3600),
    ):
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the processes of one run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def kept_database(pytestconfig: pytest.Config, checkout: Path) -> Path | None:
    """Where the migrated database is kept for the next run; None on a server, which begins anew."""
    cache: pytest.Cache | None = getattr(pytestconfig, "cache", None)
    if connection.vendor != "sqlite" or cache is None:
        return None
    return cache.mkdir("migrated-database") / f"{fingerprint(checkout / 'requirements' / 'test.txt')}.sqlite3"


@pytest.fixture(scope="session")
def turn_to_migrate(kept_database: Path | None) -> IO[str] | None:
    """Of two processes one makes the migrated database, and the other waits for its copy."""
    return take_turn(kept_database) if kept_database else None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, kept_database: Path | None, turn_to_migrate: IO[str] | None
) -> None:
    """SQLite in a file, not in memory: as in life, and a worker in another process can open it.

    Without the wait for the disk: no test pulls the plug.
    """
    if connection.vendor == "sqlite":
        database = tmp_path_factory.mktemp("database") / "portal.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(database)
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        if kept_database and kept_database.exists():
            shutil.copyfile(kept_database, database)


@pytest.fixture(scope="session")
def django_db_keepdb(kept_database: Path | None, turn_to_migrate: IO[str] | None) -> bool:
    """Begin with the kept database where there is one. `migrate` runs all the same, and finds nothing to do."""
    return bool(kept_database and kept_database.exists())


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, kept_database: Path | None, turn_to_migrate: IO[str] | None
) -> None:
    """Keep the database that the migrations made."""
    with django_db_blocker.unblock():
        if kept_database and not kept_database.exists():
            connection.ensure_connection()
            keep(connection.connection, kept_database)
        let_trail_be_emptied()
    if turn_to_migrate:
        turn_to_migrate.close()


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a fixture of a whole module write rows, which are taken out again after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def child_environment(transactional_db: None) -> dict[str, str]:
    """The environment of a process that shall see this test's database and files."""
    database = connection.settings_dict
    url = f"sqlite:///{quote(str(database['NAME']))}"
    if connection.vendor == "postgresql":
        url = f"postgresql://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(settings.VAR_DIR)}


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The top folder of the repository."""
    return Path(settings.BASE_DIR)


@pytest.fixture
def england() -> Organisation:
    return CountryFactory(code="ENG", name="England")


@pytest.fixture
def hours() -> Measure:
    return MeasureFactory(key="hours-released", name="Staff hours released")


@pytest.fixture(autouse=True)
def _no_answers_of_other_tests() -> None:
    forget_answers()


class Refused(logging.Handler):
    """What was written to the log of refusals."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Any] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> Iterator[Refused]:
    """The log of refusals from here on, bounded as if nothing had been refused before."""
    monkeypatch.setattr(security_log, "_bound", security_log.Bound())
    handler = Refused()
    security_log.logger.addHandler(handler)
    yield handler
    security_log.logger.removeHandler(handler)


@pytest.fixture
def other_host(settings: Any) -> Iterator[Misbehaving]:
    """A host of this machine that may be asked, by its address and port alone."""
    with misbehaving_server() as server:
        settings.OUTGOING, settings.OUTGOING_SECONDS, settings.EVIDENCE_PAUSE_SECONDS = True, 1, 0
        settings.OUTGOING_ALLOW = [f"127.0.0.1:{server.port}"]
        yield server

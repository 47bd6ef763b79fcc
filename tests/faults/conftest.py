"""Sites, writers and servers that a test may end, stop or fill as it likes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.databases import take_turn
from tests.exchange.keys import System
from tests.faults.servers import Redis
from tests.faults.site import Site, Writer

StartSite = Callable[..., Site]
Repeat = Callable[[int, int], int]


@pytest.fixture
def repeat(request: pytest.FixtureRequest) -> Repeat:
    """How often a fault is made: seldom in the test command, often with --all-faults."""
    return lambda seldom, often: often if request.config.getoption("--all-faults") else seldom


@pytest.fixture(scope="session")
def static_files(shared_folder: Path, checkout: Path) -> Path:
    """The site's static files under their long-lived names, collected once for all processes of bin/test."""
    var_dir = Path(os.environ.get("COLLECTED_OF_TESTS") or shared_folder / "collected")
    with take_turn(var_dir):
        if not (var_dir / "static" / "staticfiles.json").exists():
            command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
            subprocess.run(command, cwd=checkout, env={**os.environ, "VAR_DIR": str(var_dir)}, check=True)
    return var_dir / "static"


@pytest.fixture
def site_environment(child_environment: dict[str, str], static_files: Path) -> dict[str, str]:
    """The environment of a site over this test's database; its files are this test's as well."""
    static = Path(settings.VAR_DIR) / "static"
    if not static.is_symlink():
        static.rmdir()
        static.symlink_to(static_files)
    return {**child_environment, "API_PER_MINUTE": "1000000", "API_PER_MINUTE_BY_KEY": "1000000"}


@pytest.fixture
def start_site(site_environment: dict[str, str], checkout: Path) -> Iterator[StartSite]:
    """Start as many sites as the test calls for; all are gone when it ends."""
    sites: list[Site] = []

    def start(*, processes: int = 2, **more: str) -> Site:
        sites.append(Site(environment={**site_environment, **more}, folder=checkout, processes=processes))
        return sites[-1]

    yield start
    for site in sites:
        site.end()


@pytest.fixture
def writer(transactional_db: None) -> Callable[..., Writer]:
    """Make a writer with a network and a key of its own."""

    def make(site: Site, name: str = "w") -> Writer:
        return Writer(site, System().key, name)

    return make


def pytest_collection_modifyitems(config: pytest.Config, items: list[Any]) -> None:
    """Leave the long ones to bin/faults."""
    if not config.getoption("--all-faults"):
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason="a long one: bin/faults asks it"))


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    yield server
    server.kill()

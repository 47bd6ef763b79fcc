"""A web process has its index before its first reader, also when it was forked from another."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import InnovationFactory

pytestmark = pytest.mark.slow

START = """
import portal.wsgi
from django.db import connection
from portal.catalogue.finding import index

print(len(index._held.public) if index._held else None, connection.connection)
"""


def start(environment: dict[str, str], folder: Path) -> tuple[str, str]:
    ended = subprocess.run(
        [sys.executable, "-c", START], env=environment, cwd=folder, capture_output=True, text=True, check=True
    )
    return ended.stdout.strip(), ended.stderr


@pytest.mark.django_db(transaction=True)
def test_the_index_is_built_at_the_start_and_no_connection_left_to_forks(
    child_environment: dict[str, str], checkout: Path
) -> None:
    InnovationFactory(published=True)
    assert start(child_environment, checkout)[0] == "1 None"


def test_without_tables_it_starts_all_the_same(tmp_path: Path, checkout: Path) -> None:
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}
    said, logged = start(environment, checkout)
    assert said == "None None"
    assert "made ready when first asked for" in logged

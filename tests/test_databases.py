"""The migrated database that one run of the tests keeps for the next."""

import sqlite3
from pathlib import Path

from tests.databases import fingerprint, keep


def test_what_is_kept_is_the_database_and_it_alone(tmp_path: Path) -> None:
    (tmp_path / "of-other-migrations.sqlite3").touch()
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE entry AS SELECT 'Bank app' AS title")

    keep(database, tmp_path / "kept.sqlite3")

    database.close()
    assert [path.name for path in tmp_path.iterdir()] == ["kept.sqlite3"]
    with sqlite3.connect(tmp_path / "kept.sqlite3") as kept:
        assert kept.execute("SELECT title FROM entry").fetchall() == [("Bank app",)]
    kept.close()


def test_other_packages_are_other_migrations(tmp_path: Path) -> None:
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    one.write_text("wagtail==8.0.1")
    other.write_text("wagtail==8.0.2")

    assert fingerprint(one) == fingerprint(one)
    assert fingerprint(one) != fingerprint(other)

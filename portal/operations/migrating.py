"""Migrations that are there and recorded, or neither, whenever the process that runs them is killed."""

import time
from typing import Any

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration

A_TURN = 0.15
"""Seconds. On SQLite whoever waits to write looks each tenth of a second, and would never find it free."""


class WholeMigrations(MigrationExecutor):
    """Records each migration in the transaction that makes it.

    Django does so only for one that leaves no statement for the end of its transaction. Any with a foreign key or an
    index does, and is recorded after its commit: killed in between, the next `migrate` finds its tables made already.
    Between two migrations of a database in use others have their turn.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lets_others_write = self.connection.vendor == "sqlite" and bool(self.loader.applied_migrations)

    def apply_migration(self, state: Any, migration: Migration, fake: bool = False, fake_initial: bool = False) -> Any:
        if fake or fake_initial or not migration.atomic:
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        self._tell("apply_start", migration)
        with self.connection.schema_editor(atomic=True) as schema_editor:
            state = migration.apply(state, schema_editor)
            for statement in schema_editor.deferred_sql:
                schema_editor.execute(statement, None)
            schema_editor.deferred_sql.clear()
            self.record_migration(migration)  # type: ignore[call-arg,arg-type]
        self._tell("apply_success", migration)
        if self._lets_others_write:
            time.sleep(A_TURN)
        return state

    def _tell(self, what: str, migration: Migration) -> None:
        if self.progress_callback:
            self.progress_callback(what, migration, False)

"""`manage.py migrate`: Django's, but killed at any moment it can be run again."""

from django.core.management.commands import migrate

from portal.operations.migrating import WholeMigrations

# The command offers no other way to have migrations run by another executor.
migrate.MigrationExecutor = WholeMigrations  # type: ignore[attr-defined]
Command = migrate.Command

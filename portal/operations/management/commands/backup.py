"""`manage.py backup FOLDER|FILE`: the whole site in one file, while it runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.operations.backing_up import NotBackedUp, back_up


class Command(BaseCommand):
    help = "Write database and files into one archive, while the site runs. It holds all there is: keep it safe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, metavar="FOLDER|FILE", help="A folder, or a file that is not there.")

    def handle(self, *args: Any, target: Path, **options: Any) -> None:
        try:
            final, manifest = back_up(target)
        except (NotBackedUp, OSError) as problem:
            raise CommandError(f"No backup was made. {problem}") from problem
        for name in manifest.gone:
            self.stderr.write(f"Removed while the backup was made, so not in it: {name}")
        rows, files = sum(manifest.rows.values()), len(manifest.members) - 1
        self.stdout.write(f"{final}: {rows} rows and {files} files, {final.stat().st_size / 1e6:,.1f} MB.")
        self.stdout.write("It is signed with SECRET_KEY, which is not in it: keep that too, somewhere else.")

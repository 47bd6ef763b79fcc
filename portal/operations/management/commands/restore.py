"""`manage.py restore FILE`: put a backup in place, or say why not and change nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.operations.archive import NotRestored
from portal.operations.backing_up import restore
from portal.operations.verifying import problems


class Command(BaseCommand):
    help = "Restore a backup. Stop web servers and workers first. What is broken, altered or newer is refused."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="Let it take the place of what this site holds.")
        parser.add_argument(
            "--of-another-site", action="store_true", help="Take an archive that another SECRET_KEY has signed."
        )

    def handle(self, *args: Any, archive: Path, replace: bool, of_another_site: bool, **options: Any) -> None:
        try:
            manifest = restore(archive, replace=replace, of_another_site=of_another_site)
        except NotRestored as reason:
            raise CommandError(str(reason)) from reason
        rows, files = sum(manifest.rows.values()), len(manifest.members) - 1
        self.stdout.write(f"Restored {rows} rows and {files} files of {manifest.made_at}.")
        found = list(problems())
        for problem in found:
            self.stderr.write(problem)
        self.stdout.write(f"{len(found)} problems, see above." if found else "Rows, files, search and trail agree.")
        self.stdout.write("Start the web servers and workers anew.")

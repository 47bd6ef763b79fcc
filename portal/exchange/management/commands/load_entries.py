"""Load the project's data files: organisations, measures, evidence and entries."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.exchange.data_files import read_data_files
from portal.exchange.loading import Report, load_data_files
from portal.exchange.yaml_files import BrokenDataFile


class Command(BaseCommand):
    help = "Load the data files. Loading the same files twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--root", type=Path, default=settings.BASE_DIR, help="The folder that holds the files.")
        parser.add_argument("--check", action="store_true", help="Only read and check the files; load nothing.")

    def handle(self, *args: Any, root: Path, check: bool, **options: Any) -> None:
        try:
            if check:
                files = read_data_files(root)
                self.stdout.write(f"{sum(1 for _ in files.entries())} entries and what they refer to are in order.")
                return
            report = load_data_files(root)
        except BrokenDataFile as error:
            raise CommandError(f"Nothing was loaded. Mend these first:\n{error}") from error
        self.stdout.write(self._say(report))

    def _say(self, report: Report | None) -> str:
        if report is None:
            return "The entries are as the data files have them."
        lines = [
            f"{len(report.created)} entries created, {len(report.updated)} updated, {len(report.unchanged)} unchanged."
        ]
        lines += [f"Left alone, because people edited it since: {slug}" for slug in report.edited_since]
        return "\n".join(lines)

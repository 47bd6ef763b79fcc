"""Add a CSV file of returns: who is at which stage with which entry, on which date."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.adoption.services import RETURN_COLUMNS, BrokenReturns, load_returns

REQUIRED = {"entry", "organisation", "stage", "on", "said_by"}
MOST_PROBLEMS = 50


class Command(BaseCommand):
    help = f"{__doc__} Columns: {', '.join(RETURN_COLUMNS)}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            with file.open(encoding="utf-8-sig", newline="") as opened:
                reader = csv.DictReader(opened)
                if missing := REQUIRED - set(reader.fieldnames or ()):
                    raise CommandError(f"{file}: the columns {', '.join(sorted(missing))} are missing.")
                loaded = load_returns(reader)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} can't be read: {error}") from error
        except BrokenReturns as broken:
            shown = broken.problems[:MOST_PROBLEMS]
            more = len(broken.problems) - len(shown)
            raise CommandError("\n".join([*shown, f"and {more} more"] if more else shown)) from broken
        self.stdout.write(f"{loaded.new:,} new records, {loaded.known:,} that were there already.")

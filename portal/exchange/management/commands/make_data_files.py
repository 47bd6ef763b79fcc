"""`manage.py make_data_files`: write the whole public catalogue as files, now."""

import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.exchange.bulk.building import AnotherRuns, make_files
from portal.exchange.models import DataRelease


class Command(BaseCommand):
    help = "Write the whole public catalogue as JSON Lines, CSV and a workbook, for /data/ and the API."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-due", action="store_true", help="Do nothing when this night's are there already.")

    def handle(self, *args: Any, if_due: bool, **options: Any) -> None:
        # Asked to end, it leaves nothing behind.
        before = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit("asked to end"))
        try:
            if if_due and not DataRelease.objects.is_due(timezone.now()):
                return
            release = make_files()
        except (AnotherRuns, OSError) as problem:
            raise CommandError(str(problem)) from problem
        finally:
            signal.signal(signal.SIGTERM, before)
        self.stdout.write(f"{release.entries} entries as at {release.as_at:%Y-%m-%d %H:%M %Z}, in {release.folder}")

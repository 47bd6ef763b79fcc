"""`manage.py doctor`: look at everything, and say what to do about what is not well."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.operations.doctor import PARTS
from portal.operations.findings import Finding, look_at


class Command(BaseCommand):
    help = "Look at settings, database, storage, broker, worker, fonts and the making of PDFs; say each failure's fix."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        names = [name for name, _ in PARTS]
        parser.add_argument(
            "--only", nargs="+", choices=names, default=names, metavar="PART", help=f"Of {', '.join(names)}."
        )

    def handle(self, *args: Any, only: list[str], **options: Any) -> None:
        width = max(len(part) for part, _ in PARTS)
        failed = 0
        for finding in look_at((part, look) for part, look in PARTS if part in only):
            self._tell(finding, width)
            failed += not finding.is_well
        if failed:
            self.stdout.write(f"\n{failed} of {len(only)} parts are not well.")
            sys.exit(1)
        self.stdout.write(f"\nAll {len(only)} parts are well.")

    def _tell(self, finding: Finding, width: int) -> None:
        self.stdout.write(f"{finding.part:{width}}  {'ok' if finding.is_well else 'FAILED':6}  {finding.says}")
        if finding.fix:
            self.stdout.write(f"{'':{width}}  {'':6}  Fix: {finding.fix}")

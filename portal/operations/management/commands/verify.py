"""`manage.py verify`: hold rows against files, and search against what readers see."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.operations.verifying import problems


class Command(BaseCommand):
    help = "Name each file that is lost or altered behind its row, each row that leads nowhere, and what search misses."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for problem in problems():
            self.stdout.write(problem)
            found += 1
        if found:
            self.stdout.write(f"{found} problems.")
            sys.exit(1)
        self.stdout.write("Rows, files, search and trail agree.")

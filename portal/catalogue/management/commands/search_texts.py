"""Write the texts in which entries are looked for anew, or check them against what readers see."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.catalogue.finding.documents import keep_all_texts, stale_texts
from portal.catalogue.finding.engines import engine
from portal.catalogue.models import Entry, SearchText


class Command(BaseCommand):
    help = "Write every search text anew. With --check only say which are not what readers see."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; fail if any text is out of step.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            # First the index, which follows the texts from then on.
            engine().rebuild()
            keep_all_texts()
            self.stdout.write(f"{SearchText.objects.count()} search texts written.")
            return
        stale = stale_texts()
        if stale:
            titles = Entry.objects.filter(pk__in=stale).values_list("title", flat=True)
            raise CommandError("Out of step; run search_texts:\n" + "\n".join(titles))
        engine().check()
        self.stdout.write("Every search text is what readers see.")

"""Check the trail of accounts link by link."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.accounts.models import AccountEvent
from portal.accounts.trail import first_broken_link


class Command(BaseCommand):
    help = "Check that no row of the trail of accounts was changed, taken out or put in. Names the first that was."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = first_broken_link()
        if broken:
            where = f"row {broken.event}" if broken.event else "the end"
            raise CommandError(f"The trail of accounts is broken at {where}. {broken.why}")
        self.stdout.write(f"The trail of accounts holds: {AccountEvent.objects.count()} rows.")

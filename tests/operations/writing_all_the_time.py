"""Write to a site until told to stop, and note each write once it is committed: `python -m ... LEDGER`."""

import itertools
import os
import sys
import time
from pathlib import Path

from django.core.files.base import ContentFile


def write(number: int) -> None:
    """Write a row with a file, both known by the number."""
    from portal.evidence.models import Evidence

    title = f"Write {number}"
    source = Evidence(key=f"write-{number}", title=title, type=Evidence.Type.SURVEY)
    source.attachment.save(f"{number}.txt", ContentFile(title.encode() * 1000), save=False)
    source.save()


def main(ledger: Path) -> None:
    import django

    django.setup()
    with ledger.open("a") as file:
        for number in itertools.count():
            write(number)
            file.write(f"{number}\n")
            file.flush()
            os.fsync(file.fileno())
            time.sleep(0.01)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    main(Path(sys.argv[1]))

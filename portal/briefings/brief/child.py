"""The brief's renderer in a process of its own, under the limits of the packs' (portal/briefings/child.py).

python -m portal.briefings.brief.child PARENT MEMORY_BYTES CPU_SECONDS PROJECT OUTPUT < brief.json
"""

import logging
import sys
from pathlib import Path
from typing import Any

from portal.briefings.child import main, write_checked


def make(data: dict[str, Any], output: Path) -> None:
    """Render, check and write one brief."""
    from portal.briefings.brief.rendering import render_brief

    # One line for each letter that no font has would fill the site's log.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    write_checked(render_brief(data), output)


if __name__ == "__main__":
    main(*sys.argv[1:], make=make)

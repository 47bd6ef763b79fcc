"""What the renderer's process does for a brief, under the limits of the packs' (portal/briefings/child.py)."""

import logging
from pathlib import Path
from typing import Any

from portal.briefings.brief.rendering import render_brief
from portal.briefings.child import write_checked


def make(data: dict[str, Any], output: Path) -> None:
    """Render, check and write one brief."""
    # One line for each letter that no font has would fill the site's log.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    write_checked(render_brief(data), output)

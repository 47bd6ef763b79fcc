"""Tell the workers that a pack waits. A lost message costs seconds, never a pack."""

from portal.core import bell

RENDER_DUE = "portal.briefings.tasks.render_due"


def ring() -> None:
    bell.ring(RENDER_DUE)

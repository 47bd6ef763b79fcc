"""The command of the renderer's process, for portal.core.runner."""

import os
import sys

from django.conf import settings


def renderer() -> list[str]:
    return [sys.executable, "-m", "portal.briefings.child", str(os.getpid()), str(settings.BASE_DIR)]

"""Do the imports that are due in a process that is killed, as by the kernel, at a certain moment.

python -m tests.exchange.dying written   when the first entries are written
python -m tests.exchange.dying done      when all is written, the moment before it counts
"""

import os
import signal
import sys
from typing import Any


def die_when(moment: str) -> None:
    """Have this process kill itself: nothing is closed, told or tidied."""
    from portal.exchange.imports import applying, work

    match moment:
        case "written":
            _die_after(applying, "save_plans")
        case "done":
            work.finish_step = _kill


def _die_after(module: Any, name: str) -> None:
    do = getattr(module, name)

    def done(*arguments: Any, **named: Any) -> None:
        do(*arguments, **named)
        _kill()

    setattr(module, name, done)


def _kill(*arguments: Any, **named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from portal.exchange.imports import making

    die_when(sys.argv[1])
    making.do_due_imports()

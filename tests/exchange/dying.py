"""Do the imports that are due in a process that is killed, as by the kernel, at a certain moment.

python -m tests.exchange.dying, with one moment a line on its input: for each it forks a child that does what is due
and dies then, and says what became of the child.

written   when all that was made ready is written
done      when all is written, the moment before it counts
"""

import os
import signal
import sys
from typing import Any


def die_when(moment: str) -> None:
    """Have this process kill itself: nothing is closed, told or tidied."""
    from portal.core.prepared import PreparedWrites
    from portal.exchange.imports import work

    match moment:
        case "written":
            _die_after(PreparedWrites, "run")
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


def main() -> None:
    import django

    django.setup()
    from portal.exchange.imports import making

    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            die_when(line.strip())
            making.do_due_imports()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print("died" if status == signal.SIGKILL else f"failed with {status}", flush=True)  # noqa: T201


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    main()

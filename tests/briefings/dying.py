"""A real worker that is killed, as by the kernel, the moment it reaches a certain step of its work.

python -m tests.briefings.dying STEP  (with the arguments of `celery` after it)
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

STEPS = ("claimed", "collect", "lay_out", "check", "store", "stored")


def die_after(step: str) -> None:
    """Have this process kill itself after `step`: nothing is closed, told or tidied."""
    from portal.briefings import making, storage, work

    record = work.record_progress

    def record_then_die(*, pack: Any, stage: str, percent: int) -> bool:
        answer = record(pack=pack, stage=stage, percent=percent)
        if stage == step:
            _kill()
        return answer

    work.record_progress = record_then_die
    if step == "claimed":
        making.make_pack = _kill
    if step == "stored":
        storage.keep = _then_die(storage.keep)


def _then_die(do: Callable[..., Any]) -> Callable[..., Any]:
    def done(*arguments: Any) -> None:
        do(*arguments)
        _kill()

    return done


def _kill(*arguments: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    import django
    from celery.__main__ import main

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    die_after(sys.argv.pop(1))
    main()

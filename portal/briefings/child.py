"""The renderer's own process: it loads its libraries once, and forks for each document, limits first.

    python -m portal.briefings.child PARENT PROJECT < orders

An order is a line of JSON: the module whose `make` is wanted, the file with the document's data, and what limits it.
Whoever makes a document is a fork, ended with it, that has no database, no settings of the site and no network. Each
line it prints is JSON: how far it is, and at last `pages`, `error` or, where the file can't be written, `not_stored`.
When it has ended, in whatever way, `ended` says so with its exit code.
"""

import gc
import importlib
import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from portal.core.children import die_with_parent

FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec")
TOO_MUCH_MEMORY = "Laying out the pack needed more memory than a pack of this size may use."
BROKEN = "The pack could not be laid out ({problem}). If it fails again, tell the portal’s team the pack’s number."
NOT_ACCESSIBLE = "The finished pack failed its accessibility check: {problems}. Tell the portal’s team."
LOADED = ("portal.briefings.laying_out", "portal.briefings.brief.laying_out", "portal.briefings.audit")


def limit_this_process(*, parent: int, memory_bytes: int, cpu_seconds: int) -> None:
    """Die with the parent, and stay within memory, time and reach."""
    die_with_parent(parent, with_signal=signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: Any) -> None:
    if event in FORBIDDEN:
        raise PermissionError(f"The renderer may not use {event}.")


def say(**message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def write_checked(pdf: bytes, output: Path) -> None:
    """Write a document that passes the audit; of one that doesn't, say what is wrong."""
    from portal.briefings.audit import audit

    result = audit(pdf)
    if result.problems:
        say(error=NOT_ACCESSIBLE.format(problems="; ".join(result.problems)))
        return
    try:
        output.write_bytes(pdf)
    except OSError as error:  # the storage's fault, not the document's
        say(not_stored=error.errno)
        return
    say(pages=result.pages)


def make_one(order: dict[str, Any], *, parent: int) -> None:
    """Make the document of one order, in a process of its own."""
    limit_this_process(parent=parent, memory_bytes=order["memory_bytes"], cpu_seconds=order["cpu_seconds"])
    try:
        with open(order["data"], encoding="utf-8") as given:
            data = json.load(given)
        importlib.import_module(order["module"]).make(data, Path(order["output"]))
    except MemoryError:
        say(error=TOO_MUCH_MEMORY, is_heavy=True)
    except Exception as problem:
        traceback.print_exc()
        say(error=BROKEN.format(problem=type(problem).__name__))


def load(project: Path) -> None:
    """Load what a document is made with, so that no fork has to: that takes longer than laying out some pages."""
    from django.conf import settings

    settings.configure(BASE_DIR=project, USE_I18N=False, USE_TZ=True)
    for module in LOADED:
        importlib.import_module(module)
    importlib.import_module("portal.briefings.letters").load_fonts()
    # A fork lives for one document: collecting garbage would only go over live objects again and again.
    gc.disable()
    gc.freeze()


def main(parent: str, project: str) -> None:
    die_with_parent(int(parent), with_signal=signal.SIGKILL)
    load(Path(project))
    for line in sys.stdin:
        here, code = os.getpid(), 1
        renderer = os.fork()
        if renderer == 0:
            try:
                make_one(json.loads(line), parent=here)
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(renderer, 0)
        say(ended=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(*sys.argv[1:])

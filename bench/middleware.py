"""Measure what each middleware in front of the shared answers costs them, in CPU.

    .venv/bin/python bench/middleware.py       in a temporary folder, two minutes

An answer that is kept for all visitors is asked for in this process, without a server or a network: through
the whole of the settings' middleware, and with each of those before SharedAnswers left out in turn. The
whole and the parts take turns, so that what else the machine does weighs on all of them alike. The last
column is what an answer costs less without it, as a share of the whole.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ledger_database import set_up_django

PAGE = "/measures/"
ROUNDS, TIMES = 40, 300
MOST = 0.1
"""Of the whole answer: who costs more is to be cut."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="bench-middleware-"))
    try:
        set_up_django(scratch)
        measure(asked.rounds)
    finally:
        shutil.rmtree(scratch)


def measure(rounds: int) -> None:
    from django.conf import settings

    every: list[str] = list(settings.MIDDLEWARE)
    before = every[: every.index("portal.catalogue.sharing.SharedAnswers")]
    handlers = {"the whole": handler(every)}
    handlers |= {name: handler([other for other in every if other != name]) for name in before}
    handlers["all of these"] = handler(every[len(before) :])
    costs: dict[str, list[float]] = {name: [] for name in handlers}
    for _ in range(rounds):
        for name, handle in handlers.items():
            costs[name].append(cost(handle))
    whole = median(costs["the whole"])
    print(f"{PAGE}, kept: {whole * 1e6:.0f} microseconds of CPU in the process. Goal: none above {MOST:.0%}.")
    print(f"{'left out':<60}{'microseconds':>13}{'share':>8}")
    for name in list(handlers)[1:]:
        saved = median(base - one for base, one in zip(costs["the whole"], costs[name], strict=True))
        too_much = "  above the goal" if name in before and saved > MOST * whole else ""
        print(f"{name:<60}{saved * 1e6:>13.1f}{saved / whole:>8.1%}{too_much}")


def handler(middleware: list[str]) -> Callable[[], Any]:
    """Return what asks for the page through these, as a web process does, with the answer kept already."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory, override_settings

    with override_settings(MIDDLEWARE=middleware):
        handle = WSGIHandler()
    factory = RequestFactory(headers={"accept-encoding": "gzip, br", "user-agent": "Mozilla/5.0"})

    def ask() -> Any:
        answer = handle.get_response(factory.get(PAGE, headers={"host": "localhost"}))
        answer.close()
        return answer

    for _ in range(3):
        answer = ask()
    assert answer.status_code == 200, answer.status_code
    assert answer["ETag"]
    return ask


def cost(ask: Callable[[], Any]) -> float:
    began = time.process_time()
    for _ in range(TIMES):
        ask()
    return (time.process_time() - began) / TIMES


if __name__ == "__main__":
    main()

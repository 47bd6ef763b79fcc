"""The worker: `celery -A portal.celery worker --pool=threads`. A bell, not a store (ADR 0004).

Each worker runs its own beat as a thread. Several may ring at once without harm: every task only
looks for rows that are due and claims each by one conditional UPDATE. So there is no scheduler
whose loss would stop the work, and none that must run only once.
"""

import os
from typing import Any

from celery import Celery, bootsteps
from celery.beat import EmbeddedService
from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings

from portal.operations.heartbeat import HeartbeatThread

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

RENDER_DUE = "portal.briefings.tasks.render_due"
SEND_DIGESTS = "portal.editing.tasks.send_digests"
KEEP_TO_SCHEDULE = "portal.editing.tasks.keep_to_schedule"
KEEP_ADOPTION_TRUE = "portal.adoption.tasks.keep_adoption_true"
STORE_ANSWERS = "portal.catalogue.tasks.store_answers"
DO_DUE_IMPORTS = "portal.exchange.tasks.do_due_imports"
REMOVE_OLD_IMPORTS = "portal.exchange.tasks.remove_old_imports"
KEEP_DATA_FILES = "portal.exchange.tasks.keep_data_files"
CHECK_ADDRESSES = "portal.evidence.tasks.check_addresses"
SEND_WEBHOOKS = "portal.webhooks.tasks.send_webhooks"
FORGET_OLD_WEBHOOKS = "portal.webhooks.tasks.forget_old_webhooks"
SEND_WAITING_MAIL = "portal.accounts.tasks.send_waiting_mail"
TELL_OF_SEARCHES = "portal.accounts.tasks.tell_of_searches"
FORGET_OLD = "portal.accounts.tasks.forget_old"
TELL_OF_MOVES = "portal.briefings.tasks.tell_of_moves"
REMOVE_EXPIRED = "portal.briefings.tasks.remove_expired"

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

is_embedded = settings.CELERY_BROKER_URL.startswith("memory://")
# Embedded, this bell is the only one. With Redis the web process rings at once, and this finds
# what a lost message or a dead worker left.
seconds_between_sweeps = 1 if is_embedded else 15

app.conf.beat_schedule = {
    # A ring nobody could answer in time is stale: rings must not pile up behind busy slots.
    "make packs that are due": {
        "task": RENDER_DUE,
        "schedule": seconds_between_sweeps,
        "options": {"expires": 10 * seconds_between_sweeps},
    },
    "read, check, apply and undo imports": {
        "task": DO_DUE_IMPORTS,
        "schedule": seconds_between_sweeps,
        "options": {"expires": 10 * seconds_between_sweeps},
    },
    "remove imports past their keeping": {"task": REMOVE_OLD_IMPORTS, "schedule": 3600},
    "store what is shown of entries": {"task": STORE_ANSWERS, "schedule": 5, "options": {"expires": 10}},
    "publish and withdraw on the day": {"task": KEEP_TO_SCHEDULE, "schedule": 60, "options": {"expires": 300}},
    "send the week's digests": {"task": SEND_DIGESTS, "schedule": 3600},
    "ask whether what is used is still in use": {"task": KEEP_ADOPTION_TRUE, "schedule": 3600},
    "make the night's data files": {"task": KEEP_DATA_FILES, "schedule": 60, "options": {"expires": 60}},
    "ask whether sources still answer": {"task": CHECK_ADDRESSES, "schedule": 60, "options": {"expires": 60}},
    "send webhooks": {"task": SEND_WEBHOOKS, "schedule": 10, "options": {"expires": 20}},
    "forget old webhooks": {"task": FORGET_OLD_WEBHOOKS, "schedule": 3600},
    "send mail that waits": {"task": SEND_WAITING_MAIL, "schedule": 5, "options": {"expires": 10}},
    "tell what is new in kept searches": {"task": TELL_OF_SEARCHES, "schedule": 600, "options": {"expires": 600}},
    "tell what moved in people's packs": {"task": TELL_OF_MOVES, "schedule": 600, "options": {"expires": 600}},
    "forget old sessions and sign-ins": {"task": FORGET_OLD, "schedule": 3600},
    "remove packs past their keeping": {"task": REMOVE_EXPIRED, "schedule": 3600},
}


class BeatThread(bootsteps.StartStopStep):
    """Run beat inside the worker: with memory:// the messages of a beat process never arrive."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self.beat: Any = None

    def start(self, worker: Any) -> None:
        self.beat = EmbeddedService(worker.app, thread=True, scheduler_cls="celery.beat:Scheduler")
        self.beat.start()

    def stop(self, worker: Any) -> None:
        if self.beat:
            self.beat.stop()


app.steps["worker"].add(BeatThread)
app.steps["worker"].add(HeartbeatThread)


@worker_ready.connect
def ring_at_once(**kwargs: Any) -> None:
    """Take up what waited while no worker ran."""
    from portal.core.runner import stay_warm

    stay_warm()
    app.send_task(RENDER_DUE)
    app.send_task(DO_DUE_IMPORTS)


@worker_shutting_down.connect
def end_renderers(**kwargs: Any) -> None:
    """Let the packs go back to waiting, instead of holding the shutdown for minutes."""
    from portal.core.runner import stop_children

    stop_children()

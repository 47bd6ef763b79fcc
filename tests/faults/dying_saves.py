"""A process that saves, publishes or migrates, and is killed, as by the kernel, when it has sent its Nth statement.

python -m tests.faults.dying_saves ACTION ARGUMENTS, with one number a line on its input: for each it forks a child
that begins the action and dies at that statement, and says whether the child died or came to the end. Of "commit" the
child dies when it has committed for the first time.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any


def publish(entry: str, revision: str, by: str) -> None:
    from portal.accounts.models import User
    from portal.catalogue.models import Entry
    from portal.editing import services

    services.approve(entry=Entry.objects.get(pk=entry), by=User.objects.get(pk=by), revision=int(revision))


def begin_draft(slug: str, key: str, sent: str) -> None:
    from django.test import Client

    headers = {"authorization": f"Bearer {key}"}
    address = f"/api/v1/drafts/innovations/{slug}/"
    answer = Client(SERVER_NAME="localhost").generic(
        "PUT", address, json.dumps(json.loads(sent)), "application/json", headers=headers
    )
    assert answer.status_code == 201, answer.content


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)


def search_texts() -> None:
    from django.core.management import call_command

    call_command("search_texts", verbosity=0)


ACTIONS = {
    "publish": publish,
    "begin_draft": begin_draft,
    "migrate": migrate,
    "search_texts": search_texts,
}


def die_at(when: str) -> None:
    """Have this process kill itself after its Nth statement, or its first commit; commits are statements too."""
    from django.db import connection

    sent = 0

    def count(what: str = "") -> None:
        nonlocal sent
        sent += 1
        if when in (what, str(sent)):
            os.kill(os.getpid(), 9)

    def execute(do: Callable[..., Any], *statement: Any) -> Any:
        told = do(*statement)
        count()
        return told

    connection.execute_wrappers.append(execute)
    commit = connection._commit

    def commit_then_count() -> None:
        commit()
        count("commit")

    connection._commit = commit_then_count


def main() -> None:
    import django
    from django.db.migrations.loader import MigrationLoader
    from django.urls import get_resolver

    django.setup()
    get_resolver().url_patterns  # noqa: B018  every view is read once, before the first fork
    MigrationLoader(None)
    action, arguments = ACTIONS[sys.argv[1]], sys.argv[2:]
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            die_at(line.strip())
            action(*arguments)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        told = {9: "died", 0: "ended"}.get(status, f"failed with {status}")
        print(told, flush=True)  # noqa: T201


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    main()

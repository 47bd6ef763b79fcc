"""Keeping an eye on the addresses of evidence in public use: a bite a minute, one host at a time.

Three failures over at least a week make an address dead: readers are told beside the source, and
the editors of the entries that cite it. One good answer later takes that back.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from portal.evidence.asking import Finding, Verdict, look_at, pause_of
from portal.evidence.models import AddressCheck, AskedHost, Evidence
from portal.evidence.models.check import address_of

BITE = 10
SECONDS = 30
"""A bite is over before the next: the worker has packs to make."""
FAILURES_OF_DEAD = 3
DEAD_AFTER = timedelta(days=7)
ENROLLED_AT_ONCE = 200
LEASE = timedelta(minutes=10)
WHEN_WELL, WHEN_BUSY = timedelta(days=30), timedelta(days=1)
AFTER_FAILURES = {1: timedelta(days=2), 2: timedelta(days=5)}
WHEN_FAILING, WHEN_LONG_DEAD = timedelta(days=7), timedelta(days=28)
LONG = 8
NEWS = timedelta(days=7)
UNANSWERED = {AddressCheck.Kind.URL: "unanswered_on", AddressCheck.Kind.DOI: "doi_unanswered_on"}


def check_some() -> int:
    """Ask up to ten addresses that are due, each of another host; return how many were asked."""
    if not settings.OUTGOING:
        return 0
    enrol()
    asked, ends_at = 0, monotonic() + SECONDS
    for check in _claimed(timezone.now()):
        finding = look_at(check.address, now=timezone.now(), pause=pause_of(settings.EVIDENCE_PAUSE_SECONDS))
        _leave_alone(check.host, finding)
        record(check=check, finding=finding, now=timezone.now())
        asked += 1
        if monotonic() > ends_at:
            break
    return asked


def enrol() -> None:
    """Take up addresses of public evidence that are new or were changed, and forget those that are gone."""
    for kind, column in ((AddressCheck.Kind.URL, "url"), (AddressCheck.Kind.DOI, "doi")):
        theirs = AddressCheck.objects.filter(kind=kind)
        _forget(theirs.exclude(text=F(f"evidence__{column}")))
        known = theirs.values("evidence")
        new = Evidence.objects.public().exclude(**{column: ""}).exclude(pk__in=known).order_by("pk")
        rows = [
            AddressCheck(evidence_id=pk, kind=kind, text=text, host=_host_of(address_of(kind, text)))
            for pk, text in new.values_list("pk", column)[:ENROLLED_AT_ONCE]
        ]
        AddressCheck.objects.bulk_create(rows, ignore_conflicts=True)


def _forget(checks: Any) -> None:
    for check in checks.select_related("evidence"):
        with transaction.atomic():
            _tell(check, None)
            check.delete()


def _host_of(address: str) -> str:
    try:
        return (parse_url(address).host or "")[:260]
    except LocationParseError:
        return ""


def _claimed(now: datetime) -> Iterator[AddressCheck]:
    """Claim what is due, one address of each host; a host that another worker asks is passed over."""
    claimed = 0
    hosts: set[str] = set()
    due = AddressCheck.objects.due(now).exclude(host__in=AskedHost.objects.filter(free_at__gt=now).values("name"))
    for check in due.order_by("next_at", "pk")[: BITE * 10]:
        if claimed >= BITE:
            return
        if check.host in hosts:
            continue
        hosts.add(check.host)
        if not _claim_host(check.host, timezone.now()):
            continue
        mine = AddressCheck.objects.filter(pk=check.pk, next_at=check.next_at)
        check.next_at = timezone.now() + LEASE
        if mine.update(next_at=check.next_at):
            claimed += 1
            yield check


def _claim_host(name: str, now: datetime) -> bool:
    """Take a host for as long as one question may last; one UPDATE decides between workers."""
    AskedHost.objects.bulk_create([AskedHost(name=name, free_at=now)], ignore_conflicts=True)
    return AskedHost.objects.filter(name=name, free_at__lte=now).update(free_at=now + LEASE) == 1


def _leave_alone(host: str, finding: Finding) -> None:
    pause = timedelta(seconds=settings.EVIDENCE_PAUSE_SECONDS)
    AskedHost.objects.filter(name=host).update(free_at=timezone.now() + max(finding.wait or pause, pause))


def record(*, check: AddressCheck, finding: Finding, now: datetime) -> None:
    """Write down what was found, and what readers are told of it, unless another worker or an edit was quicker."""
    changes: dict[str, Any] = {"checked_at": now, "said": finding.said[:200]} | _consequences(check, finding, now)
    if finding.was_heard:
        changes["heard_at"] = now
    with transaction.atomic():
        if AddressCheck.objects.filter(pk=check.pk, next_at=check.next_at, text=check.text).update(**changes):
            _tell(check, now if changes.get("dead_since", check.dead_since) else None)


def _consequences(check: AddressCheck, finding: Finding, now: datetime) -> dict[str, Any]:
    verdict = finding.verdict
    if verdict is Verdict.BUSY:
        return {"next_at": now + max(finding.wait or WHEN_BUSY, WHEN_BUSY)}
    if verdict is Verdict.UNREACHED and not _anyone_was_heard(now):
        return {"next_at": now + AFTER_FAILURES[1], "said": f"{finding.said} No host answers from here: not counted."}
    if verdict in (Verdict.FAILED, Verdict.UNREACHED):
        return _one_more_failure(check, now)
    well = {"failing_since": None, "failures": 0, "dead_since": None, "next_at": now + WHEN_WELL}
    return well | ({"good_at": now} if verdict is Verdict.GOOD else {})


def _one_more_failure(check: AddressCheck, now: datetime) -> dict[str, Any]:
    failures, since = check.failures + 1, check.failing_since or now
    is_dead = failures >= FAILURES_OF_DEAD and now - since >= DEAD_AFTER
    dead_since = check.dead_since or (now if is_dead else None)
    wait = AFTER_FAILURES.get(failures, WHEN_LONG_DEAD if failures > LONG else WHEN_FAILING)
    return {"failures": failures, "failing_since": since, "dead_since": dead_since, "next_at": now + wait}


def _anyone_was_heard(now: datetime) -> bool:
    """Say whether the way out is open: otherwise a closed firewall would make every source dead after a week."""
    return AddressCheck.objects.filter(heard_at__gte=now - NEWS).exists()


def _tell(check: AddressCheck, dead_at: datetime | None) -> None:
    """Mark the source for readers, or take the mark away; pages hear of it by the row's being saved."""
    column = UNANSWERED[AddressCheck.Kind(check.kind)]
    day = timezone.localdate(dead_at) if dead_at else None
    evidence = Evidence.objects.filter(~Q(**{column: day}) if day else Q(**{f"{column}__isnull": False}))
    for row in evidence.filter(pk=check.evidence_id):
        setattr(row, column, day)
        row.save(update_fields=[column])

"""What editors do to a batch: begin it, match its columns, apply it, undo it, put it aside.

Each asks the permission function, raises ImportRefused with a sentence fit to show, and lets a worker do the rest.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from portal.accounts.permissions import Action, networks_where
from portal.core import bell
from portal.core.people import name_of
from portal.exchange.imports import matching
from portal.exchange.imports.reading import limits
from portal.exchange.imports.tables import BY_KEY
from portal.exchange.models import ImportBatch, ImportFile, ImportRow
from portal.organisations.models import Organisation

State = ImportBatch.State
DO_DUE = "portal.exchange.tasks.do_due_imports"
ENDINGS = (".csv", ".xlsx", ".xlsm", ".xls", ".txt", ".tsv")
AT_A_TIME = 5
_asked_now: dict[str, Any] = {"error": "", "waits_since": Now()}


class ImportRefused(Exception):
    """An import can't be begun or go on like this; the text says why and what to do, fit to show."""


def may_in(person: Any, action: Action, network: Organisation) -> bool:
    """Say whether a person may do this to entries of a network."""
    networks = networks_where(person, [action])
    return None in networks or network.pk in networks


def networks_for(person: Any, action: Action) -> list[Organisation]:
    """Return the networks in which a person may do this."""
    networks = networks_where(person, [action])
    rows = Organisation.objects.filter(kind=Organisation.Kind.NETWORK)
    return list(rows if None in networks else rows.filter(pk__in=[pk for pk in networks if pk]))


def batches_of(person: Any) -> Any:
    """Return the batches of the networks whose drafts a person may see, newest first."""
    networks = networks_where(person, [Action.VIEW])
    rows = ImportBatch.objects.select_related("network", "by")
    return rows if None in networks else rows.filter(network__in=[pk for pk in networks if pk])


@transaction.atomic
def begin_import(*, name: str, content: bytes, network: Organisation, by: Any) -> ImportBatch:
    """Keep an uploaded file and let a worker read it."""
    _check(may_in(by, Action.ADD, network), f"Your role does not add entries for {network.display_name}.")
    _check(bool(content), "The file is empty. Fill in our template and upload that.")
    _check(len(content) <= limits.FILE_BYTES, too_large())
    _check(name.casefold().endswith(ENDINGS), "Upload an Excel workbook (.xlsx) or a CSV file (.csv).")
    waiting = ImportBatch.objects.filter(network=network, state__in=ImportBatch.WORKING).count()
    _check(waiting < AT_A_TIME, "Your network’s other imports are still being worked on. Wait until one is done.")
    batch = ImportBatch.objects.create(
        network=network, by=by, by_name=name_of(by), file_name=name[-200:], file_size=len(content)
    )
    ImportFile.objects.create(batch=batch, content=content)
    _ring()
    return batch


def too_large() -> str:
    return (
        f"The file is larger than {limits.FILE_BYTES // 1_000_000} MB. Take out pictures and formatting, or split it "
        "into several files."
    )


@transaction.atomic
def match_columns(*, batch: ImportBatch, matches: Mapping[int, tuple[str, list[str]]], by: Any) -> None:
    """Take what somebody said of each sheet: its table, and the column of each heading. It is remembered."""
    _check(may_in(by, Action.ADD, batch.network), "Your role does not import for this network.")
    sheets = [dict(sheet) for sheet in batch.sheets]
    for place, sheet in enumerate(sheets):
        key, columns = matches.get(place, ("", []))
        table = BY_KEY.get(key)
        _check(table is not None or not key, f"Choose what the sheet “{sheet['name'][:40]}” holds.")
        if table:
            known = [column if column in table.by_key else "" for column in columns]
            known = (known + [""] * len(sheet["headings"]))[: len(sheet["headings"])]
            problem = matching.why_not(table, known)
            _check(not problem, f"“{sheet['name'][:40]}”: {problem}")
            matching.remember(batch.network, table, sheet["headings"], known)
            sheet["columns"] = known
        sheet["table"] = key
    _check(any(sheet["table"] for sheet in sheets), "Say what at least one sheet holds.")
    rows = ImportBatch.objects.filter(pk=batch.pk, state__in=[State.COLUMNS, State.CHECKED])
    _check(bool(rows.update(**_asked_now, state=State.CHECKING, sheets=sheets)), "This import is past that step.")
    _ring()


@transaction.atomic
def choose_table(*, batch: ImportBatch, sheet: int, table: str, by: Any) -> None:
    """Take what a sheet holds, and propose its columns anew."""
    _check(may_in(by, Action.ADD, batch.network), "Your role does not import for this network.")
    _check(table in BY_KEY and 0 <= sheet < len(batch.sheets), "Choose what the sheet holds.")
    sheets = [dict(row) for row in batch.sheets]
    told = matching.columns_for(BY_KEY[table], sheets[sheet]["headings"], matching.remembered_by(batch.network))
    sheets[sheet] |= {"table": table, "columns": [column for column, _ in told]}
    ImportBatch.objects.filter(pk=batch.pk, state=State.COLUMNS).update(sheets=sheets)


@transaction.atomic
def ask_to_apply(*, batch: ImportBatch, duplicates: Collection[int], all_duplicates: bool, by: Any) -> None:
    """Let the good rows become drafts; of those that may be duplicates, the chosen ones."""
    _check(may_in(by, Action.ADD, batch.network), "Your role does not import for this network.")
    rows = ImportRow.objects.filter(batch=batch)
    rows.update(is_wanted=False)
    rows.filter(state=ImportRow.State.DUPLICATE, pk__in=list(duplicates)).update(is_wanted=True)
    good = rows.filter(state__in=[ImportRow.State.NEW, ImportRow.State.CHANGED]).exists()
    some = all_duplicates or rows.filter(is_wanted=True).exists()
    _check(good or some, "There is nothing to apply: no row is new or changed.")
    changed = ImportBatch.objects.filter(pk=batch.pk, state=State.CHECKED).update(
        **_asked_now, state=State.APPLYING, takes_duplicates=all_duplicates, by=by, by_name=name_of(by)
    )
    _check(bool(changed), "This import is past that step.")
    _ring()


@transaction.atomic
def ask_to_undo(*, batch: ImportBatch, by: Any) -> None:
    """Let a whole batch be taken back, for thirty days."""
    _check(may_in(by, Action.DELETE, batch.network), "Your role does not undo imports. Ask an editor of your network.")
    _check(batch.can_be_undone, "This import can’t be undone: it was not applied, or that was more than 30 days ago.")
    changed = ImportBatch.objects.filter(pk=batch.pk, state=State.APPLIED).update(
        **_asked_now, state=State.UNDOING, by=by, undone_by_name=name_of(by)
    )
    _check(bool(changed), "This import is past that step.")
    _ring()


@transaction.atomic
def put_aside(*, batch: ImportBatch, by: Any) -> None:
    """Remove an import that changed nothing; a worker that is at it notices."""
    _check(may_in(by, Action.ADD, batch.network), "Your role does not import for this network.")
    states = [State.READING, State.COLUMNS, State.CHECKING, State.CHECKED, State.REFUSED]
    removed, _ = ImportBatch.objects.filter(pk=batch.pk, state__in=states).delete()
    _check(bool(removed), "This import has changed drafts, so it stays. Undo it instead.")


def remove_old_imports() -> None:
    """Remove what was never applied, and the rows of what was: the receipt and what was done stay."""
    now = timezone.now()
    kept = [State.APPLYING, State.APPLIED, State.UNDOING, State.UNDONE]
    unapplied = now - timedelta(days=settings.IMPORTS_KEEP_UNAPPLIED_DAYS)
    ImportBatch.objects.exclude(state__in=kept).filter(created_at__lt=unapplied).delete()
    applied = now - timedelta(days=settings.IMPORTS_KEEP_DAYS)
    ImportRow.objects.filter(batch__applied_at__lt=applied).delete()


def _check(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise ImportRefused(otherwise)


def _ring() -> None:
    transaction.on_commit(partial(bell.ring, DO_DUE), robust=True)

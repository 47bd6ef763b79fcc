"""Make drafts of a batch's good rows, all or none."""

import logging
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone

from portal.catalogue.models import CatalogueVersion, Entry
from portal.core.prepared import PreparedWrites
from portal.exchange.imports import work
from portal.exchange.imports.checking import Rows
from portal.exchange.imports.lines import Line
from portal.exchange.imports.planning import Planner
from portal.exchange.imports.plans import Plan
from portal.exchange.imports.saving import Saving
from portal.exchange.imports.tables import KINDS
from portal.exchange.imports.totals import Totals
from portal.exchange.imports.unmoved import MovedOn, Seen
from portal.exchange.models import ImportBatch, ImportRow

logger = logging.getLogger(__name__)
State = ImportRow.State


def apply_batch(batch: ImportBatch) -> None:
    """Apply the good rows of a claimed batch, with its receipt. Raises TakenOver or MovedOn.

    Everything is worked out first and then written in one transaction: on SQLite others wait while it lasts.
    """
    with PreparedWrites() as prepared:
        saving, seen = Saving(batch, prepared), Seen(batch.by)
        receipt = make_ready(batch, saving, seen)
        try:
            with CatalogueVersion.moves_once():
                seen.check_unmoved()
                saving.write()
                if saving.touched:
                    CatalogueVersion.move(saving.touched)
                work.finish_step(batch, ImportBatch.State.APPLIED, applied_at=timezone.now(), receipt=receipt)
        except IntegrityError as error:  # a tag or organisation was deleted, a source of the same key came, ...
            logger.warning("Import %s: what its rows name is not as it was: %s", batch.pk, error)
            raise MovedOn("Something that the rows name") from error


def make_ready(batch: ImportBatch, saving: Saving, seen: Seen) -> dict[str, Any]:
    """Plan the wanted rows anew, and have what they come to ready to be written; return the receipt."""
    rows = Rows(batch, {})
    planner = Planner(person=batch.by, network=batch.network)
    taken: Counter[str] = Counter()
    totals, done = Totals(), 0
    wanted = _wanted(batch)
    planner.begin_sources(line for line in rows.sources() if line.row.pk in wanted)
    saving.add_sources(planner.known.new_sources.values())
    for lines in rows.some_entries():
        plans = _plans(batch, planner, lines, wanted, taken)
        seen.note(plans)
        saving.add_plans(plans)
        totals.add(plans)
        done += sum(len(own) for own in lines.values())
        work.record_progress(batch, done=done, total=rows.total)
    receipt = {"rows": dict(taken), "totals": totals.tell()}
    work.record_progress(batch, done=done, total=rows.total, seconds=work.seconds_to_write(rows.total))
    return receipt


def _wanted(batch: ImportBatch) -> dict[int, str]:
    """Return the state of each row that is to be applied."""
    good = Q(state__in=[State.NEW, State.CHANGED])
    duplicates = Q(state=State.DUPLICATE) if batch.takes_duplicates else Q(state=State.DUPLICATE, is_wanted=True)
    return dict(ImportRow.objects.filter(good | duplicates, batch=batch).values_list("pk", "state"))


def _plans(
    batch: ImportBatch, planner: Planner, lines: dict[str, list[Line]], wanted: dict[int, str], taken: Counter[str]
) -> list[Plan]:
    """Plan the wanted rows of some entries anew, and see that they are what they were when they were checked."""
    chosen = {slug: kept for slug, own in lines.items() if (kept := _chosen(own, wanted))}
    _check_unmoved(batch, chosen)
    plans = list(planner.plan(chosen))
    for own in chosen.values():
        for line in own:
            if line.row.state != wanted[line.row.pk] and line.row.state != State.DUPLICATE:
                raise MovedOn(f"“{line.row.title}”")
            taken[f"{line.table.key} {line.row.state}"] += 1
    return plans


def _chosen(lines: list[Line], wanted: dict[int, str]) -> list[Line]:
    """Keep the wanted rows of one entry: none where the row that would begin the entry is not wanted itself."""
    begins = [line for line in lines if line.table in KINDS and line.row.state in (State.NEW, State.DUPLICATE)]
    if begins and not any(line.row.pk in wanted for line in begins):
        return []
    return [line for line in lines if line.row.pk in wanted]


def _check_unmoved(batch: ImportBatch, slugs: Iterable[str]) -> None:
    moved: Any = Entry.objects.filter(slug__in=list(slugs), latest_revision__created_at__gt=batch.checked_at)
    if (entry := moved.first()) is not None:
        raise MovedOn(f"“{entry.title}”")

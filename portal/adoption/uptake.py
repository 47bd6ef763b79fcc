"""What cards and headings say of adoption, worked out for the entries that are shown and no other."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone

from portal.adoption.kept import kept_organisations
from portal.adoption.models import AdoptionRecord, CoverageClaim, Stage
from portal.adoption.querysets import StageFact
from portal.adoption.reading import Adoption, read_adoption
from portal.catalogue.models import Entry
from portal.catalogue.uptake import Uptake
from portal.core.remembered import remembered
from portal.core.templatetags.components import claim_text, lower_first

# From early to late; an entry shows the furthest stage anyone reached.
STAGE_ORDER = ("not_adopting", "exploring", "paused", "piloting", "adopted_in_part", "adopted", "spread", "sustained")


def stage_reached(facts: Collection[Any]) -> Any:
    """Return the fact with the furthest stage; a stop counts when nothing dated follows it. None of nothing."""
    stops = [fact for fact in facts if fact.stage == "stopped"]
    last_stop = max(stops, key=_when, default=None)
    if last_stop and not any(_when(fact) > _when(last_stop) for fact in facts):
        return last_stop
    going = [fact for fact in facts if fact.stage in STAGE_ORDER]
    return max(going, key=lambda fact: STAGE_ORDER.index(fact.stage), default=None)


def _when(fact: Any) -> str:
    return getattr(fact, "on", "") or getattr(fact, "as_at", "")


def uptake_of_entries(entries: Sequence[Entry]) -> Mapping[int, Uptake]:
    """Return what is told of these entries: six queries for any number of them, one when they were asked before."""
    asked = sorted(entry.pk for entry in entries if entry.pk)
    kept = kept_organisations()
    key = ("uptake", timezone.localdate(), tuple((entry, kept.state_of(entry)) for entry in asked))
    told = json.loads(remembered(key, lambda: _as_json(_work_out(asked))))
    return {int(entry): Uptake(**uptake) for entry, uptake in told.items()}


def _as_json(told: Mapping[int, Uptake]) -> bytes:
    return json.dumps({entry: asdict(uptake) for entry, uptake in told.items()}).encode()


def _work_out(entries: Collection[int]) -> dict[int, Uptake]:
    reading, reached = read_adoption(entries=entries), _reached_by(entries)
    return {entry: _uptake(reading.of(entry), *fact) for entry, fact in reached.items()}


def _uptake(adoption: Adoption, stage: str, who: str) -> Uptake:
    return Uptake(
        stage=stage,
        stage_text=str(Stage(stage).label),
        who=who,
        coverage=adoption.main_coverage.text if adoption.has_events else "",
        about=adoption.about if adoption.has_events else "",
    )


def _reached_by(entries: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return the furthest stage of each entry, and who reached it; three queries."""
    records = AdoptionRecord.objects.filter(entry__in=entries)
    claims = CoverageClaim.objects.filter(entry__in=entries)
    claimed = {StageFact(claim.entry_id, claim.stage, claim.as_at): _of_claim(claim) for claim in claims}
    facts: dict[int, list[StageFact]] = {}
    for fact in [*records.latest_of_each_stage(), *claimed]:
        facts.setdefault(fact.entry, []).append(fact)
    reached = [fact for of_entry in facts.values() if (fact := stage_reached(of_entry))]
    named = _organisations_at(records, [fact for fact in reached if fact not in claimed])
    return {fact.entry: (fact.stage, claimed.get(fact) or named[fact]) for fact in reached}


def _of_claim(claim: CoverageClaim) -> str:
    text = claim_text(claim)
    return f"{claim.group}: {lower_first(text)}" if text else claim.group


def _organisations_at(records: Any, facts: Collection[StageFact]) -> dict[StageFact, str]:
    """Name one organisation for each of these stages and dates, and say how many others there are."""
    entries, stages, days = (set(column) for column in zip(*facts, strict=True)) if facts else ((), (), ())
    rows = records.filter(entry__in=entries, stage__in=stages, on__in=days).order_by()
    rows = rows.values_list("entry_id", "stage", "on").annotate(Min("organisation__name"), Count("organisation"))
    return {StageFact(*row[:3]): _some_of(*row[3:]) for row in rows}


def _some_of(name: str, how_many: int) -> str:
    others = how_many - 1
    return f"{name} and {others} other{'' if others == 1 else 's'}" if others else name

"""What cards and headings say of every entry's adoption, worked out once for each catalogue version and day."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db.models import Min
from django.utils import timezone

from portal.adoption.models import AdoptionRecord, CoverageClaim, Stage
from portal.adoption.querysets import StageFact
from portal.adoption.reading import read_adoption
from portal.catalogue.models import CatalogueVersion, Entry
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
    """Return what is told of each entry; those that aren't public are worked out when they are asked for."""
    key = ("uptake", CatalogueVersion.now(), timezone.localdate())
    told = json.loads(remembered(key, lambda: _as_json(work_out_uptake())))
    found = {entry.pk: Uptake(**told[str(entry.pk)]) for entry in entries if str(entry.pk) in told}
    hidden = [entry.pk for entry in entries if entry.pk and not entry.live]
    return found | (work_out_uptake(hidden) if hidden else {})


def _as_json(told: Mapping[int, Uptake]) -> bytes:
    return json.dumps({entry: asdict(uptake) for entry, uptake in told.items()}).encode()


def work_out_uptake(entries: Collection[int] | None = None) -> dict[int, Uptake]:
    """Work out what is told of these entries, or of all that are public."""
    records, claims = AdoptionRecord.objects.all(), CoverageClaim.objects.all()
    records = records.public() if entries is None else records.filter(entry__in=entries)
    claims = claims.public() if entries is None else claims.filter(entry__in=entries)
    reading = read_adoption(entries=entries)
    facts: dict[int, list[StageFact]] = {}
    claimed = {StageFact(claim.entry_id, claim.stage, claim.as_at): _of_claim(claim) for claim in claims}
    for fact in [*records.latest_of_each_stage(), *claimed]:
        facts.setdefault(fact.entry, []).append(fact)
    named = _organisations_by_fact(records)
    told = {}
    for entry, of_entry in facts.items():
        reached, adoption = stage_reached(of_entry), reading.of(entry)
        who = claimed.get(reached) or named.get(reached, "") if reached else ""
        told[entry] = Uptake(
            stage=reached.stage if reached else "",
            stage_text=str(Stage(reached.stage).label) if reached else "",
            who=who,
            coverage=adoption.main_coverage.text if adoption.has_events else "",
            about=adoption.about if adoption.has_events else "",
        )
    return told


def _of_claim(claim: CoverageClaim) -> str:
    text = claim_text(claim)
    return f"{claim.group}: {lower_first(text)}" if text else claim.group


def _organisations_by_fact(records: Any) -> dict[Any, str]:
    """Name one organisation for each entry, stage and date; one row each, however many there are."""
    rows = records.order_by().values_list("entry_id", "stage", "on").annotate(Min("organisation__name"))
    return {StageFact(*row[:3]): row[3] for row in rows}

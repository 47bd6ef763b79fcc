"""How sure an entry's findings are, by the version of the rule in force.

A source counts if it says what the entry achieved: in a finding, or in a benefit figure taken from
it. One cited for other facts alone says nothing of that (docs/evidence-strength.md).
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import prefetch_related_objects

from portal.catalogue.models import Entry, EntryEvidence
from portal.evidence.calculations import SECOND_HAND, Finding, Rule, Strength, assess
from portal.evidence.models import Evidence, RuleInForce
from portal.evidence.querysets import get_rule
from portal.evidence.wording import ToldStrength, tell, tell_difference


def strength_of(entry: Entry, rule: Rule | None = None) -> Strength:
    """Work out the strength of an entry, or of a draft in memory.

    Makes no query for an entry fetched with `.for_cards()` or `.for_page()`, one for all the
    evidence of any other; one more for the rule in force, unless `rule` is given.
    """
    links = _links_that_count(entry)
    prefetch_related_objects(links, "evidence")
    return assess([_finding(link) for link in links], rule or RuleInForce.objects.rule())


def told_strength_of(entry: Entry, rule: Rule | None = None) -> ToldStrength:
    """Return the strength in sentences, with what limits it and the cheapest step to the next level."""
    return tell(strength_of(entry, rule))


def _links_that_count(entry: Any) -> list[Any]:
    achieved = {
        figure.evidence_id
        for figure in entry.figures.all()
        if figure.role == "benefit" and figure.achievement == "achieved"
    }
    return [link for link in entry.evidence_links.all() if link.finding or link.evidence_id in achieved]


def _finding(link: EntryEvidence) -> Finding:
    evidence: Evidence = link.evidence
    return Finding(
        key=evidence.key,
        title=evidence.title,
        type=evidence.type,
        design_level=evidence.design_level,
        independence=evidence.independence,
        setting=evidence.setting,
        reading=SECOND_HAND if evidence.known_through_id else evidence.read_extent,
        published=evidence.published,
        sample=evidence.sample,
    )


def levels_of(entries: Any) -> dict[int, int]:
    """Return the level of every entry of a queryset, in four queries however many there are."""
    return _levels(_sketches_of(entries), RuleInForce.objects.rule())


def _sketches_of(entries: Any) -> "dict[int, list[_Sketch]]":
    """Return what the level of each entry rests on, without making a row of any: three queries."""
    entries = entries.order_by()
    says_achieved = entries.filter(figures__role="benefit", figures__achievement="achieved")
    achieved = set(says_achieved.values_list("pk", "figures__evidence_id").iterator(chunk_size=5000))
    sketches: dict[int, list[_Sketch]] = {pk: [] for pk in entries.values_list("pk", flat=True)}
    links = EntryEvidence.objects.filter(entry__in=entries.values("pk")).order_by()
    for entry, source, finding, known_through, *told, read in links.values_list(*_SKETCHED).iterator(chunk_size=5000):
        if finding or (entry, source) in achieved:
            sketches[entry].append((*told, SECOND_HAND if known_through else read))
    return sketches


def _levels(sketches: "dict[int, list[_Sketch]]", rule: Rule) -> dict[int, int]:
    @cache
    def level(alike: tuple[_Sketch, ...]) -> int:
        return assess([Finding("", "", *sketch) for sketch in alike], rule).level

    return {pk: level(tuple(sorted(rows, key=repr))) for pk, rows in sketches.items()}


# What the level rests on: type, design level, independence, setting and reading.
_Sketch = tuple[Any, ...]
_SKETCHED = (
    *("entry_id", "evidence_id", "finding", "evidence__known_through_id"),
    *("evidence__type", "evidence__design_level", "evidence__independence", "evidence__setting"),
    "evidence__read_extent",
)


@dataclass(frozen=True)
class StrengthChange:
    """An entry whose strength another version of the rule would change, from what to what and why."""

    entry: Entry
    before: Strength
    after: Strength
    why: str


def entries_that_would_change(version: int) -> list[StrengthChange]:
    """List each published entry whose strength would change by this version, by title.

    Drafts are not listed, so that the list may be shown across networks. The number of queries
    doesn't grow with the entries that stay as they are. Raises UnknownRule.
    """
    now, then = RuleInForce.objects.rule(), get_rule(version)
    sketches = _sketches_of(Entry.objects.public())
    before, after = _levels(sketches, now), _levels(sketches, then)
    whole = Entry.objects.prefetch_related("evidence_links__evidence", "figures")
    changed = whole.in_bulk([pk for pk in sketches if before[pk] != after[pk]])
    entries = sorted(changed.values(), key=lambda entry: (entry.title, entry.pk))
    return [_change(entry, strength_of(entry, now), then) for entry in entries]


def _change(entry: Entry, before: Strength, then: Rule) -> StrengthChange:
    after = assess([one.finding for one in before.weighed], then)
    return StrengthChange(entry, before, after, tell_difference(before, after))

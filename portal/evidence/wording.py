"""An entry's strength in sentences: the same ones on its page, in packs and for editors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.core.formatting import capitalised, format_partial_date
from portal.evidence.calculations import (
    Addition,
    Check,
    Finding,
    Held,
    Limit,
    Strength,
    Weighed,
    cheapest_addition,
    cheapest_check,
    limits_of,
)
from portal.evidence.models import Evidence

MOST_OF_A_TITLE = 90


@dataclass(frozen=True)
class ToldFinding:
    """What one source brings: what it is in a sentence, the level it counts for, whether the entry's rests on it."""

    key: str
    title: str
    text: str
    reach: int
    decides: bool


@dataclass(frozen=True)
class ToldStrength:
    """A strength for readers. `step` and `check` are empty where nothing more can be gained by them."""

    level: int
    word: str
    text: str
    findings: tuple[ToldFinding, ...]
    limits: tuple[str, ...]
    step: str
    check: str
    rule_version: int


def tell(strength: Strength) -> ToldStrength:
    addition, check = cheapest_addition(strength), cheapest_check(strength)
    return ToldStrength(
        level=strength.level,
        word=strength.word,
        text=strength.text,
        findings=tuple(_tell_finding(one, strength.rests_on(one)) for one in strength.weighed),
        limits=tuple(sentence for held in limits_of(strength) for sentence in _tell_limit(held, strength)),
        step=_tell_addition(addition) if addition else "",
        check=_tell_check(check) if check else "",
        rule_version=strength.rule.version,
    )


# --- what a source brings -------------------------------------------------------------------

WHO = {
    "independent": "independent",
    "part_funded": "part-funded by the supplier or programme",
    "supplier": "the supplier’s own",
    "": "who stands behind it not stated",
}
WHERE = {
    "nhs_england": "NHS in England",
    "uk": "elsewhere in the UK",
    "other": "outside the UK",
    "": "setting not stated",
}
READING = {
    "whole": "read whole",
    "excerpt": "read in part",
    "abstract": "only the abstract read",
    "second_hand": "not read itself, known through another source",
    "": "how much we read not stated",
}


def _tell_finding(one: Weighed, decides: bool) -> ToldFinding:
    parts = [_what(one), _who(one), _where(one), _when(one.finding), _reading(one)]
    if one.finding.sample:
        parts.insert(4, f"sample: {one.finding.sample}")
    text = "; ".join(part for part in parts if part)
    return ToldFinding(one.finding.key, one.finding.title, f"{text}.", one.reach, decides)


def _what(one: Weighed) -> str:
    kind = one.finding.type
    if not kind:
        return "Type not assessed, so it counts as a statement"
    label = str(Evidence.Type(kind).label)
    if one.finding.design_level:
        return f"{label}, Maryland level {one.finding.design_level}"
    if kind in ("rct", "systematic_review"):
        return f"{label}; design level not assessed, so it counts as “{one.method.name.lower()}”"
    return label


def _who(one: Weighed) -> str:
    if one.finding.type == Evidence.Type.SUPPLIER_MATERIAL:
        return ""
    cautious = not one.finding.independence and max(one.method.reach.values()) > one.by_method
    return WHO[one.finding.independence] + (", so it counts as the supplier’s" if cautious else "")


def _where(one: Weighed) -> str:
    cautious = not one.finding.setting and one.by_setting == one.reach
    return WHERE[one.finding.setting] + (", so it counts as outside the UK" if cautious else "")


def _when(finding: Finding) -> str:
    return format_partial_date(finding.published) or "undated"


def _reading(one: Weighed) -> str:
    cautious = not one.finding.reading and one.by_reading == one.reach
    return READING[one.finding.reading] + (", so it counts as not read" if cautious else "")


# --- what holds an entry down ---------------------------------------------------------------

NOT_INDEPENDENT = {
    "": "It isn’t stated who stands behind {names}: until it is, {they} as the supplier’s.",
    "part_funded": "The supplier or programme paid part of {names}.",
    "supplier": "The supplier itself is behind {names}.",
}
NOT_HERE = {
    "": "It isn’t stated where {names} comes from: until it is, {they} as from outside the UK.",
    "uk": "What {names} found was found elsewhere in the UK, not in the NHS in England.",
    "other": "What {names} found was found outside the UK.",
}
NOT_READ = {
    "": "It isn’t stated how much of {names} we have read: until it is, {they} as not read.",
    "excerpt": "We have read only part of {names}.",
    "abstract": "We have read only the abstract of {names}.",
    "second_hand": "We have not read {names}: we know of it through another source.",
}
BY_VALUE: Mapping[Limit, tuple[str, Mapping[str, str]]] = {
    Limit.INDEPENDENCE: ("independence", NOT_INDEPENDENT),
    Limit.SETTING: ("setting", NOT_HERE),
    Limit.READING: ("reading", NOT_READ),
}
WHOLE_LIMITS = {
    Limit.NO_FINDING: "No source we have read says what it achieved.",
    Limit.SUPPLIER_ALONE: "All of it comes from the supplier, whose material alone can’t pass 2.",
    Limit.METHOD: "Not enough of it was found out by a method that can be checked.",
    Limit.INDEPENDENCE: "Not enough of it is known to be independent of the supplier or programme.",
    Limit.SETTING: "Not enough of it was found in the NHS in England.",
    Limit.READING: "We have not read enough of it whole.",
    Limit.ONE_STUDY: "It rests on one study: the top level takes a second.",
}


def _tell_limit(held: Held, strength: Strength) -> Iterator[str]:
    if held.findings and held.limit == Limit.METHOD:
        yield _tell_method(held.findings, strength)
    elif held.findings and held.limit in BY_VALUE:
        field, sentences = BY_VALUE[held.limit]
        for value, sentence in sentences.items():
            of_these = [finding for finding in held.findings if getattr(finding, field) == value]
            if of_these:
                yield sentence.format(names=_names(of_these), they=_they_count(of_these))
    else:
        yield WHOLE_LIMITS[held.limit]


def _tell_method(findings: Sequence[Finding], strength: Strength) -> str:
    """Say what the strongest method lacks, or, where another source has a stronger one, what these count as."""
    of_these = [one for one in strength.weighed if one.finding in findings]
    rank = strength.rule.methods.index
    method = max((one.method for one in of_these), key=rank)
    if rank(method) == max(rank(one.method) for one in strength.weighed):
        return method.lacks
    strongest = [one for one in of_these if one.method == method]
    names = [one.finding for one in strongest]
    carries = max(one.by_method for one in strongest)
    return f"{_names(names)} {_counts(names)} as “{method.name.lower()}”, which carries no more than {carries}."


def _counts(findings: Sequence[Finding]) -> str:
    return "counts" if len(findings) == 1 else "count"


def _they_count(findings: Sequence[Finding]) -> str:
    return f"{'it' if len(findings) == 1 else 'they'} {_counts(findings)}"


def _names(findings: Sequence[Finding]) -> str:
    """Name the first finding, and say how many more there are."""
    first, *others = findings
    more = f" and {len(others)} other source{'s' if len(others) > 1 else ''}" if others else ""
    return f"“{_short(first.title)}”{more}"


def _short(title: str) -> str:
    if len(title) <= MOST_OF_A_TITLE:
        return title
    return title[:MOST_OF_A_TITLE].rsplit(" ", 1)[0].rstrip(" ,:;(") + " …"


# --- the cheapest step ----------------------------------------------------------------------

STUDY = {
    "case_study": "a case study",
    "survey": "a survey",
    "before_after": "a before-and-after study",
    "quasi_experimental": "a comparison with similar people or places without it (a quasi-experimental study)",
    "rct": "a randomised controlled trial of Maryland level 5",
}
BY_WHOM = {
    "supplier": "by anybody, even the supplier,",
    "part_funded": "of which the supplier or programme pays at most part",
    "independent": "by somebody independent of the supplier or programme",
}
# By the field that isn't stated: what to do about it, and what to hope for.
TO_DO = {
    "reading": "read {it} whole",
    "independence": "find out who stands behind {it}",
    "setting": "find out where {it} was done",
    "type": "assess what type of study {it} is",
    "design_level": "assess the design level of {it}",
}
HOPES = {
    "independence": "it is independent of the supplier or programme",
    "setting": "it was done in the NHS in England",
    "type": "it reports {study} or better",
    "design_level": "it is of Maryland level {level}",
}


def _tell_addition(step: Addition) -> str:
    study, whom = STUDY[step.finding.type], BY_WHOM[step.finding.independence]
    return capitalised(f"{study} in the NHS in England {whom} would take it to {step.level}.")


def _tell_check(check: Check) -> str:
    """Say what to find out: “Read … whole and find out who stands behind it. If it is …, the strength is 3.”"""
    fields = [field for field in TO_DO if field in check.stated]
    names = [f"“{_short(check.finding.title)}”", *["it"] * (len(fields) - 1)]
    tasks = _and([TO_DO[field].format(it=name) for field, name in zip(fields, names, strict=True)])
    hopes = [
        HOPES[field].format(study=STUDY.get(check.checked.type), level=check.checked.design_level)
        for field in fields
        if field in HOPES
    ]
    outcome = f"If {_and(hopes)}, the strength is {check.level}" if hopes else f"The strength is then {check.level}"
    return capitalised(f"{tasks}. {outcome}.")


def _and(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


# --- what another version of the rule would change ------------------------------------------


def tell_difference(before: Strength, after: Strength) -> str:
    """Say which of an entry's findings would count for another level, or else how the levels differ."""
    reaches = {one.finding: one.reach for one in before.weighed}
    moved = [one for one in after.weighed if one.reach != reaches[one.finding]]
    told = [f"“{_short(one.finding.title)}” would count for {one.reach}, not {reaches[one.finding]}." for one in moved]
    return " ".join(told) or f"Level {after.level} would take: {after.rule.levels[after.level].takes}"

"""The published versions of the rule of evidence strength.

A version's data and words never change once it has been in force: what was said by it stands in
issued packs. Add the next number instead, and compare it before it is put in force.
"""

from collections.abc import Mapping
from datetime import date

from portal.evidence.calculations.values import (
    INDEPENDENT,
    NHS_ENGLAND,
    NOT_STATED,
    PART_FUNDED,
    SECOND_HAND,
    SUPPLIER,
    WHOLE,
    Level,
    Method,
    Rule,
)


def _reach(*, independent: int, part_funded: int, supplier: int) -> Mapping[str, int]:
    """Where it isn't stated who stands behind a source, it counts as the supplier's: the cautious value."""
    return {INDEPENDENT: independent, PART_FUNDED: part_funded, SUPPLIER: supplier, NOT_STATED: supplier}


_STATEMENT = Method(
    name="Statement",
    covers="Opinion, policy, guidance, supplier material; also a source whose type isn’t assessed",
    lacks="No source we have read says how its finding was found out: opinion, policy, guidance, supplier material "
    "and sources of a type not assessed count as statements.",
    reach=_reach(independent=1, part_funded=1, supplier=1),
)
_ACCOUNT = Method(
    name="Account",
    covers="Case study; economic model or impact analysis",
    lacks="Nothing was measured by a method that can be checked: a case study tells of one place, and a model rests "
    "on assumptions.",
    reach=_reach(independent=2, part_funded=2, supplier=1),
)
_ENQUIRY = Method(
    name="Enquiry",
    covers="Survey; qualitative evaluation",
    lacks="People were asked, but no change was measured.",
    reach=_reach(independent=2, part_funded=2, supplier=2),
)
_BEFORE_AND_AFTER = Method(
    name="Before and after",
    covers="Before-and-after study; any study of Maryland level 1 or 2; a systematic review whose design level "
    "isn’t assessed",
    lacks="What was measured was not compared with similar people or places without it.",
    reach=_reach(independent=3, part_funded=2, supplier=2),
)
_COMPARISON = Method(
    name="Comparison",
    covers="Quasi-experimental study; any study of Maryland level 3 or 4; a randomised controlled trial whose design "
    "level isn’t assessed",
    lacks="There is a comparison, but no randomised trial known to be of Maryland level 5.",
    reach=_reach(independent=4, part_funded=3, supplier=2),
)
_RANDOMISED = Method(
    name="Randomised",
    covers="Randomised controlled trial of Maryland level 5; a systematic review of such trials",
    lacks="",
    reach=_reach(independent=5, part_funded=3, supplier=2),
)

_VERSION_1 = Rule(
    version=1,
    published=date(2026, 11, 24),
    summary="Strength says how sure we can be of what the sources found, from 0 to 5. Each source with a finding "
    "reaches the lowest of three ceilings: how it was found out and by whom, where, and how much of it we have read. "
    "The entry has the level of its best source; the top level also takes a second study.",
    levels=(
        Level("none found", "No source we have read gives a finding of what it achieved."),
        Level(
            "very weak",
            "Somebody says what it achieved, but not how that was found out, or the supplier alone tells of it.",
        ),
        Level(
            "weak",
            "Others than the supplier describe what it achieved; or people were asked; or a change was measured, but "
            "by people who are not known to be independent, or in a study that we only know through another source.",
        ),
        Level(
            "moderate",
            "Somebody independent measured a change before and after; or it was compared with similar people or "
            "places without it, but the supplier or programme paid part, it was outside the UK, or we have read no "
            "more than the abstract.",
        ),
        Level(
            "strong",
            "Somebody independent compared it, in the UK, with similar people or places without it, and we have read "
            "at least part of the study.",
        ),
        Level(
            "very strong",
            "An independent randomised trial in the NHS in England, which we have read whole, and a second study at "
            "level 4 or above; or one systematic review of such trials.",
        ),
    ),
    methods=(_STATEMENT, _ACCOUNT, _ENQUIRY, _BEFORE_AND_AFTER, _COMPARISON, _RANDOMISED),
    method_of_type={
        "opinion": _STATEMENT,
        "policy": _STATEMENT,
        "guidance": _STATEMENT,
        "supplier_material": _STATEMENT,
        NOT_STATED: _STATEMENT,
        "case_study": _ACCOUNT,
        "economic_model": _ACCOUNT,
        "survey": _ENQUIRY,
        "qualitative_evaluation": _ENQUIRY,
        "before_after": _BEFORE_AND_AFTER,
        "systematic_review": _BEFORE_AND_AFTER,
        "quasi_experimental": _COMPARISON,
        "rct": _COMPARISON,
    },
    method_of_design_level={
        1: _BEFORE_AND_AFTER,
        2: _BEFORE_AND_AFTER,
        3: _COMPARISON,
        4: _COMPARISON,
        5: _RANDOMISED,
    },
    graded_by_design_level=frozenset({"before_after", "quasi_experimental", "rct", "systematic_review"}),
    suppliers_own=frozenset({"supplier_material"}),
    reviews=frozenset({"systematic_review"}),
    reach_of_setting={NHS_ENGLAND: 5, "uk": 4, "other": 3, NOT_STATED: 3},
    reach_of_reading={WHOLE: 5, "excerpt": 4, "abstract": 3, SECOND_HAND: 2, NOT_STATED: 2},
    corroborated_by=4,
    studies_for_the_top=2,
    studies_in_a_review=2,
)

FIRST = _VERSION_1
RULES: Mapping[int, Rule] = {rule.version: rule for rule in (_VERSION_1,)}

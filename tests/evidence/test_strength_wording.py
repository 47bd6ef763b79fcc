"""A strength in sentences fit for a page."""

from itertools import product

import pytest
from hypothesis import given

from portal.evidence.calculations import FIRST, RULES, Finding, Limit, assess
from portal.evidence.calculations.steps import ADDITIONS
from portal.evidence.wording import BY_WHOM, STUDY, WHOLE_LIMITS, ToldStrength, tell, tell_difference
from tests.evidence.findings import any_findings, best, finding
from tests.evidence.rules import SECOND


def told(*findings: Finding) -> ToldStrength:
    return tell(assess(findings, FIRST))


def test_a_source_is_told_with_all_that_counted_and_what_did_not() -> None:
    study = best(
        "quasi_experimental", design_level=3, independence="part_funded", reading="abstract",
        published="2021-02", sample="Nine general practices",
    )  # fmt: skip
    [one] = told(study).findings
    assert one.text == (
        "Quasi-experimental study, Maryland level 3; part-funded by the supplier or programme; NHS in England; "
        "February 2021; sample: Nine general practices; only the abstract read."
    )
    assert (one.reach, one.decides) == (3, True)


@pytest.mark.parametrize(
    ("unknown", "words"),
    [
        (best(""), "Type not assessed, so it counts as a statement"),
        (best("rct", design_level=None), "design level not assessed, so it counts as “comparison”"),
        (best("rct", independence=""), "who stands behind it not stated, so it counts as the supplier’s"),
        (best("rct", setting=""), "setting not stated, so it counts as outside the UK"),
        (best("rct", reading=""), "how much we read not stated, so it counts as not read"),
    ],
)
def test_what_is_not_stated_says_as_what_it_counts(unknown: Finding, words: str) -> None:
    assert words in told(unknown).findings[0].text


def test_what_is_not_stated_and_changes_nothing_says_no_more() -> None:
    assert told(finding("opinion")).findings[0].text == (
        "Opinion; who stands behind it not stated; setting not stated; undated; how much we read not stated."
    )


def test_an_entry_without_a_finding_says_so_and_what_would_be_the_first() -> None:
    nothing = told()
    assert nothing.text == "Strength 0 of 5: none found"
    assert nothing.limits == ("No source we have read says what it achieved.",)
    assert nothing.step == "A case study in the NHS in England by anybody, even the supplier, would take it to 1."
    assert nothing.check == ""


def test_suppliers_alone_are_told_from_opinions_alone() -> None:
    supplier, opinion = told(finding("supplier_material")), told(finding("opinion"))
    assert supplier.limits[0] == "All of it comes from the supplier, whose material alone can’t pass 2."
    assert supplier.limits[1:] == opinion.limits
    assert "opinion, policy, guidance, supplier material" in opinion.limits[0]


def test_the_cheapest_step_is_a_sentence() -> None:
    assert told(best("survey")).step == (
        "A before-and-after study in the NHS in England by somebody independent of the supplier or programme "
        "would take it to 3."
    )
    assert told(best("systematic_review")).step == ""


def test_what_to_find_out_or_to_read_is_a_sentence() -> None:
    trial = best("rct", title="A trial", independence="", reading="second_hand")
    assert told(trial, best("survey")).check == (
        "Read “A trial” whole and find out who stands behind it. If it is independent of the supplier or programme, "
        "the strength is 4."
    )
    assert told(
        best("rct", title="A trial", reading="excerpt"), best("rct", key="b", title="B", reading="excerpt")
    ).check == ("Read “A trial” whole. The strength is then 5.")
    assert told(finding("", title="A report", setting="nhs_england", reading="excerpt")).check == (
        "Assess what type of study “A report” is. If it reports a survey or better, the strength is 2."
    )


def test_a_limit_names_its_source_and_how_many_more_there_are() -> None:
    trials = [best("rct", title=f"Trial {name}", key=name, independence="") for name in "ABC"]
    assert told(*trials).limits == (
        "It isn’t stated who stands behind “Trial A” and 2 other sources: until it is, they count as the supplier’s.",
    )


def test_a_weaker_method_is_not_told_of_the_whole_where_a_stronger_one_is_there() -> None:
    limits = told(best("rct", independence="supplier"), best("economic_model", title="A model")).limits
    assert "“A model” counts as “account”, which carries no more than 2." in limits
    assert not any("Nothing was measured" in limit for limit in limits)


def test_a_long_title_is_cut_between_words() -> None:
    assert "“A long title A long" in told(best("rct", independence="", title="A long title " * 20)).check
    assert " …”" in told(best("rct", independence="", title="A long title " * 20)).check


def test_a_difference_between_versions_names_the_sources_that_moved() -> None:
    before = assess([best("before_after", title="A study", reading="abstract"), best("opinion")], FIRST)
    after = assess([one.finding for one in before.weighed], SECOND)
    assert tell_difference(before, after) == "“A study” would count for 1, not 3."


@given(any_findings)
def test_every_strength_can_be_told(findings: list[Finding]) -> None:
    said = told(*findings)
    assert len(said.findings) == len(findings)
    assert bool(said.step) == bool(said.limits) == (said.level < 5)
    assert all(text.endswith(".") for text in [*said.limits, *(one.text for one in said.findings)])


def test_every_limit_and_every_step_has_words() -> None:
    assert all(method.lacks for rule in RULES.values() for method in rule.methods[:-1])
    assert set(WHOLE_LIMITS) == set(Limit)
    assert {(one.type, one.independence) for one in ADDITIONS} == set(product(STUDY, BY_WHOM))

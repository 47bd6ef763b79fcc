"""Findings for tests of the rule: the smallest ones, and any there can be."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from portal.evidence.calculations import FIRST, Finding
from portal.evidence.calculations.values import SUPPLIER
from portal.evidence.models import Evidence


def finding(type: str = "", **more: Any) -> Finding:
    """Return a finding of which only what is given is stated."""
    return Finding(key=more.pop("key", "source"), title=more.pop("title", "A source"), type=type, **more)


def best(type: str = "rct", **less: Any) -> Finding:
    """Return a finding with nothing against it but what is given."""
    stated = {"design_level": 5, "independence": "independent", "setting": "nhs_england", "reading": "whole"}
    return finding(type, **{**stated, **less})


def _values(choices: Any) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *choices.values])


any_finding = st.builds(
    Finding,
    key=st.sampled_from([f"source-{number}" for number in range(9)]),
    title=st.sampled_from(["An account", "A trial", "A survey"]),
    type=_values(Evidence.Type),
    design_level=st.none() | st.integers(1, 5),
    independence=_values(Evidence.Independence),
    setting=_values(Evidence.Setting),
    reading=st.sampled_from(["", "whole", "excerpt", "abstract", "second_hand"]),
)
any_findings = st.lists(any_finding, max_size=6)
# Made, not sifted: of any findings one in four is a supplier's.
suppliers_findings = st.lists(
    any_finding.map(lambda one: replace(one, independence=SUPPLIER))
    | st.builds(replace, any_finding, type=st.sampled_from(sorted(FIRST.suppliers_own))),
    max_size=6,
)

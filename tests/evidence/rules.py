"""A second version of the rule, which only tests have."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from portal.evidence.calculations import FIRST, RULES, Rule

SECOND = replace(FIRST, version=2, reach_of_reading={**FIRST.reach_of_reading, "abstract": 1})


@contextmanager
def second_version(rule: Rule = SECOND) -> Iterator[Rule]:
    """Publish a second version, by which what is known from an abstract carries no more than 1."""
    with patch.dict(RULES, {rule.version: rule}):
        yield rule

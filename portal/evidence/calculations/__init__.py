"""The rule of evidence strength: plain values in, a level with its reasons out, no database."""

from portal.evidence.calculations.limits import limits_of
from portal.evidence.calculations.rules import FIRST, RULES
from portal.evidence.calculations.steps import Addition, Check, cheapest_addition, cheapest_check
from portal.evidence.calculations.strength import assess, is_the_suppliers
from portal.evidence.calculations.values import (
    SECOND_HAND,
    TOP,
    Finding,
    Held,
    Level,
    Limit,
    Method,
    Rule,
    Strength,
    Weighed,
)

__all__ = [
    "FIRST",
    "RULES",
    "SECOND_HAND",
    "TOP",
    "Addition",
    "Check",
    "Finding",
    "Held",
    "Level",
    "Limit",
    "Method",
    "Rule",
    "Strength",
    "Weighed",
    "assess",
    "cheapest_addition",
    "cheapest_check",
    "is_the_suppliers",
    "limits_of",
]

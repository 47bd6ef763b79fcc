"""Evidence: citable sources, and which rule says how strong they are."""

from portal.evidence.models.evidence import Evidence
from portal.evidence.models.rule import RuleInForce

__all__ = ["Evidence", "RuleInForce"]

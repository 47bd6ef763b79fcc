"""Evidence: citable sources, how their addresses answer, and which rule says how strong they are."""

from portal.evidence.models.check import AddressCheck, AskedHost
from portal.evidence.models.evidence import Evidence
from portal.evidence.models.rule import RuleInForce

__all__ = ["AddressCheck", "AskedHost", "Evidence", "RuleInForce"]

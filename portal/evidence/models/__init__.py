"""Evidence: citable sources."""

from portal.evidence.models.evidence import Evidence

__all__ = ["Evidence"]

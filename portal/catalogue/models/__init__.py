"""Entries and the lists they are filed under."""

from portal.catalogue.models.entry import Claim, Entry, EntryEvidence, OtherName
from portal.catalogue.models.tags import CareSetting, PlanStrand, StaffGroup, Theme, WorkforceChallenge

__all__ = [
    "CareSetting",
    "Claim",
    "Entry",
    "EntryEvidence",
    "OtherName",
    "PlanStrand",
    "StaffGroup",
    "Theme",
    "WorkforceChallenge",
]

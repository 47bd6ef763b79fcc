"""Entries and the lists they are filed under."""

from portal.catalogue.models.change import EntryChange, PublishedVersion
from portal.catalogue.models.entry import Claim, Entry, EntryEvidence, OtherName
from portal.catalogue.models.tags import CareSetting, PlanStrand, StaffGroup, Theme, WorkforceChallenge
from portal.catalogue.models.version import CatalogueVersion

__all__ = [
    "CareSetting",
    "CatalogueVersion",
    "Claim",
    "Entry",
    "EntryChange",
    "EntryEvidence",
    "OtherName",
    "PlanStrand",
    "PublishedVersion",
    "StaffGroup",
    "Theme",
    "WorkforceChallenge",
]

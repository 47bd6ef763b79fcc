"""Entries and the lists they are filed under."""

from portal.catalogue.models.change import EntryChange, PublishedVersion
from portal.catalogue.models.entry import Claim, Entry, EntryEvidence, OtherName
from portal.catalogue.models.search import MissedSearch, SearchText, SearchWord, Synonyms
from portal.catalogue.models.stored import StoredCard, StoredPage
from portal.catalogue.models.tags import CareSetting, PlanStrand, StaffGroup, Theme, WorkforceChallenge
from portal.catalogue.models.version import CatalogueMove, CatalogueVersion

__all__ = [
    "CareSetting",
    "CatalogueMove",
    "CatalogueVersion",
    "Claim",
    "Entry",
    "EntryChange",
    "EntryEvidence",
    "MissedSearch",
    "OtherName",
    "PlanStrand",
    "PublishedVersion",
    "SearchText",
    "SearchWord",
    "StaffGroup",
    "StoredCard",
    "StoredPage",
    "Synonyms",
    "Theme",
    "WorkforceChallenge",
]

"""Packs and their entries, who holds them, what is chosen for the next, and the documents kept ready for everyone."""

from portal.briefings.models.holder import KeptBasket, PackHolder, ShareLink
from portal.briefings.models.pack import BriefingPack, PackEntry, end_of_keeping, file_stem, new_token, private_files
from portal.briefings.models.standing import StandingDocument

__all__ = [
    "BriefingPack",
    "KeptBasket",
    "PackEntry",
    "PackHolder",
    "ShareLink",
    "StandingDocument",
    "end_of_keeping",
    "file_stem",
    "new_token",
    "private_files",
]

"""Who has taken up what, and how it is kept true."""

from portal.adoption.models.confirmation import (
    ConfirmationLink,
    ConfirmationPeriod,
    Contact,
    ForgottenAddress,
    LookedThrough,
    Reply,
)
from portal.adoption.models.record import AdoptionRecord, CoverageClaim, Stage, StopReason

__all__ = [
    "AdoptionRecord",
    "ConfirmationLink",
    "ConfirmationPeriod",
    "Contact",
    "CoverageClaim",
    "ForgottenAddress",
    "LookedThrough",
    "Reply",
    "Stage",
    "StopReason",
]

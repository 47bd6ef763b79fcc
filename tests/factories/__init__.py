"""The smallest valid row of every model. A test states what matters to it; the rest comes from here."""

from tests.factories.accounts import NetworkRoleFactory, SavedSearchFactory, UserFactory
from tests.factories.adoption import (
    AdoptionRecordFactory,
    ConfirmationPeriodFactory,
    ContactFactory,
    CoverageClaimFactory,
    ReplyFactory,
)
from tests.factories.benefits import (
    BenefitFigureFactory,
    DeflatorFactory,
    MeasureFactory,
    NetworkClaimFactory,
    WorkingTimeFactory,
    add_figure,
    publish_with_figure,
)
from tests.factories.briefings import BriefingPackFactory, PackEntryFactory
from tests.factories.casestudies import CaseStudyFactory, LearningPointFactory, ParticipantFactory
from tests.factories.catalogue import (
    CareSettingFactory,
    ClaimFactory,
    EntryEvidenceFactory,
    PlanStrandFactory,
    StaffGroupFactory,
    ThemeFactory,
    WorkforceChallengeFactory,
    cite,
    publish,
)
from tests.factories.evidence import EvidenceFactory
from tests.factories.innovations import InnovationFactory, InnovationKindFactory, ProgrammeFactory
from tests.factories.organisations import (
    CountryFactory,
    IcbFactory,
    MapTileFactory,
    MembershipFactory,
    NetworkFactory,
    OrganisationCodeFactory,
    OrganisationFactory,
    OrganisationNameFactory,
    RegionFactory,
    SuccessionFactory,
    TrustFactory,
)

__all__ = [
    "AdoptionRecordFactory",
    "BenefitFigureFactory",
    "BriefingPackFactory",
    "CareSettingFactory",
    "CaseStudyFactory",
    "ClaimFactory",
    "ConfirmationPeriodFactory",
    "ContactFactory",
    "CountryFactory",
    "CoverageClaimFactory",
    "DeflatorFactory",
    "EntryEvidenceFactory",
    "EvidenceFactory",
    "IcbFactory",
    "InnovationFactory",
    "InnovationKindFactory",
    "LearningPointFactory",
    "MapTileFactory",
    "MeasureFactory",
    "MembershipFactory",
    "NetworkClaimFactory",
    "NetworkFactory",
    "NetworkRoleFactory",
    "OrganisationCodeFactory",
    "OrganisationFactory",
    "OrganisationNameFactory",
    "PackEntryFactory",
    "ParticipantFactory",
    "PlanStrandFactory",
    "ProgrammeFactory",
    "RegionFactory",
    "ReplyFactory",
    "SavedSearchFactory",
    "StaffGroupFactory",
    "SuccessionFactory",
    "ThemeFactory",
    "TrustFactory",
    "UserFactory",
    "WorkforceChallengeFactory",
    "WorkingTimeFactory",
    "add_figure",
    "cite",
    "publish",
    "publish_with_figure",
]

"""The shape of the data files: what each key means and what may stand there.

One YAML file an entry (`innovations/entries/`, `casestudies/entries/`), one a measure
(`portal/benefits/measures/`). `docs/add-an-entry.md` shows one; `manage.py data_schema`
prints the same shape as JSON Schema for an editor.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import URLValidator
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from casestudies.models import CaseStudy, LearningPoint
from innovations.models import Innovation
from portal.adoption.models import Stage, StopReason
from portal.benefits.models import Basis, BenefitFigure, Measure
from portal.catalogue.models import Entry
from portal.core.partial_dates import check_partial_date
from portal.core.quantities import Qualifier
from portal.evidence.models import Evidence
from portal.exchange.periods import read_period


def _one_of(choices: Any) -> Any:
    """Return the type that accepts exactly the stored values of a model's choices."""
    return Literal[tuple(choices.values)]


def _is_address(text: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(text)
    except DjangoValidationError as error:
        raise ValueError(f"'{text}' is not a web address") from error
    return text


def _is_period(text: str) -> str:
    read_period(text)
    return text


def _one_line(value: Any) -> Any:
    """Folded YAML text ends with a line break, which nobody meant."""
    return value.strip() if isinstance(value, str) else value


Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, BeforeValidator(_one_line), Field(min_length=1)]
Line = Annotated[str, BeforeValidator(_one_line), Field(min_length=1, max_length=200)]
PartialDate = Annotated[str, BeforeValidator(str), AfterValidator(check_partial_date)]
WebAddress = Annotated[str, AfterValidator(_is_address)]
PeriodText = Annotated[str, BeforeValidator(str), AfterValidator(_is_period)]
OrganisationCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$", max_length=40)]


class DataFile(BaseModel):
    """A key that is not listed is an error, so that a misspelt one is never lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EvidenceItem(DataFile):
    """One source. With a `finding` it is evidence for or against; without, it backs facts."""

    key: Key
    shared: bool = Field(False, description="Described in portal/evidence/shared.yaml; give only key and finding here.")
    title: Annotated[str, BeforeValidator(_one_line), Field(max_length=400)] = ""
    publisher: Annotated[str, Field(max_length=200)] = ""
    date: PartialDate | None = None
    date_inferred: bool = Field(False, description="The date was worked out, not printed.")
    url: WebAddress | None = None
    doi: str | None = None
    type: _one_of(Evidence.Type) | None = None  # type: ignore[valid-type]
    design_level: Annotated[int, Field(ge=1, le=5)] | None = None
    independence: _one_of(Evidence.Independence) | None = None  # type: ignore[valid-type]
    setting: _one_of(Evidence.Setting) | None = None  # type: ignore[valid-type]
    sample: Annotated[str, Field(max_length=200)] | None = None
    read: _one_of(Evidence.ReadExtent) | None = None  # type: ignore[valid-type]
    known_through: Key | None = Field(None, description="Key of the source we read of it in, if not read itself.")
    finding: Text | None = Field(None, description="What it found, in our words.")
    locator: Annotated[str, Field(max_length=300)] | None = None

    @model_validator(mode="after")
    def has_title_unless_shared(self) -> Self:
        if not self.shared and not self.title:
            raise ValueError("give a title, or set shared: true if it stands in portal/evidence/shared.yaml")
        return self


class ValueItem(DataFile):
    """A number with all it must never travel without."""

    key: Key
    label: Line = Field(description="What it counts, in a few words.")
    measure: Key
    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    counted: Annotated[str, Field(max_length=60)] | None = Field(
        None, description="Narrower word for the unit: nurses."
    )
    per: Annotated[str, Field(max_length=60)] | None = Field(None, description="For a rate: year, month, referral.")
    qualifier: _one_of(Qualifier) = "exact"  # type: ignore[valid-type]
    basis: _one_of(Basis)  # type: ignore[valid-type]
    period: PeriodText
    period_note: Annotated[str, Field(max_length=160)] | None = None
    place: OrganisationCode | Literal["not stated"]
    place_note: Annotated[str, Field(max_length=160)] | None = None
    note: Text | None = None
    source: Key

    @model_validator(mode="after")
    def range_holds_value(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("give both low and high, or neither")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError("value must lie between low and high")
        return self


class FigureItem(ValueItem):
    role: _one_of(BenefitFigure.Role)  # type: ignore[valid-type]
    achievement: _one_of(BenefitFigure.Achievement) = "achieved"  # type: ignore[valid-type]
    change: _one_of(BenefitFigure.Change) | None = None  # type: ignore[valid-type]
    monetised: bool | None = None
    gross_or_net: _one_of(BenefitFigure.GrossOrNet) | None = None  # type: ignore[valid-type]
    horizon: _one_of(BenefitFigure.Horizon) | None = None  # type: ignore[valid-type]
    cash_releasing: bool | None = None
    price_year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    population: Annotated[str, Field(max_length=200)] | None = None
    population_size: Annotated[int, Field(ge=1)] | None = None
    staff_group: Annotated[str, Field(max_length=120)] | None = None
    method: Text | None = None
    attribution_share: Annotated[Decimal, Field(ge=0, le=1)] | None = None
    locator: Annotated[str, Field(max_length=300)] | None = None
    restates: str | None = Field(
        None, description="Key of the figure this says in another unit; other-slug#key elsewhere."
    )
    supersedes: str | None = Field(None, description="Key of the earlier figure this replaces.")
    contradicts: str | None = Field(
        None, description="Key of a figure that can't be right if this one is; other-slug#key elsewhere."
    )
    overlap_group: Key | None = None


class NetworkClaimItem(ValueItem):
    said_by: Line


class AdoptionItem(DataFile):
    """One adoption fact: either named organisations at a stage, or a claim about a group."""

    organisations: list[OrganisationCode] | None = Field(None, description="Codes: one record each.")
    group: Line | None = Field(None, description="Who is counted, in words: an aggregate claim.")
    stage: _one_of(Stage)  # type: ignore[valid-type]
    date: PartialDate | None = None
    stop_reason: _one_of(StopReason) | None = None  # type: ignore[valid-type]
    extent: Line | None = None
    place: OrganisationCode | None = None
    qualifier: _one_of(Qualifier) = "exact"  # type: ignore[valid-type]
    count: Annotated[int, Field(ge=0)] | None = None
    denominator: Annotated[int, Field(ge=1)] | None = None
    share_percent: Annotated[Decimal, Field(ge=0, le=100)] | None = None
    unit: Annotated[str, Field(max_length=80)] | None = None
    note: Text | None = None
    source: Key

    @model_validator(mode="after")
    def is_one_or_the_other(self) -> Self:
        if bool(self.organisations) == bool(self.group):
            raise ValueError("give either organisations (codes) or group (words), not both")
        if self.count is not None and self.denominator is not None and self.count > self.denominator:
            raise ValueError("count can't be above denominator")
        only_for_claims = [self.place, self.count, self.denominator, self.share_percent, self.unit]
        if self.organisations and any(value is not None for value in only_for_claims):
            raise ValueError("place, count, denominator, share_percent and unit belong to a group")
        if self.organisations and (self.stage == Stage.STOPPED) != (self.stop_reason is not None):
            raise ValueError("give a stop_reason when, and only when, the stage is stopped")
        return self


class ClaimItem(DataFile):
    statement: Text
    said_by: Line | None = None


class EntryFile(DataFile):
    """What a file of either kind of entry holds; the file's name is the entry's slug."""

    title: Annotated[str, BeforeValidator(_one_line), Field(min_length=1, max_length=160)]
    other_names: list[Line] = []
    summary: Text
    challenge: Text | None = None
    themes: Annotated[list[Key], Field(min_length=1)]
    plan_strands: list[Key] = []
    care_settings: list[Key] = []
    staff_groups: list[Key] = []
    workforce_challenges: list[Key] = []
    lead_organisations: list[OrganisationCode] = []
    places: list[OrganisationCode] = []
    owner_network: OrganisationCode | None = None
    family: Key | None = None
    policy_answered: Text | None = None
    scope: _one_of(Entry.Scope) | None = None  # type: ignore[valid-type]
    where_it_may_not_work: Text | None = None
    what_it_needs: Text | None = None
    contact_role: Line | None = None
    caveats: Text | None = None
    reviewed: date
    next_review: date
    figures: list[FigureItem] = []
    evidence: Annotated[list[EvidenceItem], Field(min_length=1)]
    adoption: list[AdoptionItem] = []
    claims: list[ClaimItem] = []

    @field_validator("evidence", "figures")
    @classmethod
    def keys_differ(cls, items: list[Any]) -> list[Any]:
        seen: set[str] = set()
        for item in items:
            if item.key in seen:
                raise ValueError(f"the key '{item.key}' stands twice")
            seen.add(item.key)
        return items

    @model_validator(mode="after")
    def sources_exist(self) -> Self:
        keys = {item.key for item in self.evidence}
        cited = [figure.source for figure in self.figures] + [fact.source for fact in self.adoption]
        for source in cited:
            if source not in keys:
                raise ValueError(f"source '{source}' is not among this file's evidence")
        return self


class InnovationFile(EntryFile):
    kinds: Annotated[list[Key], Field(min_length=1)]
    programmes: list[Key] = []
    supplier_or_lead: Text | None = None
    how_it_works: Text | None = None
    eligibility: Text | None = None
    cost_band: _one_of(Innovation.CostBand) | None = None  # type: ignore[valid-type]
    cost_drivers: Text | None = None
    ease_of_adoption: _one_of(Innovation.Ease) | None = None  # type: ignore[valid-type]
    nice_status: _one_of(Innovation.NiceStatus) | None = None  # type: ignore[valid-type]
    nice_reference: Annotated[str, Field(max_length=80)] | None = None


class ParticipantItem(DataFile):
    name: Line
    role: Annotated[str, Field(max_length=120)] | None = None
    code: OrganisationCode | None = None


class BarrierItem(DataFile):
    kind: _one_of(LearningPoint.BarrierKind)  # type: ignore[valid-type]
    text: Text


class CaseStudyFile(EntryFile):
    system: Line | None = None
    period: Annotated[str, BeforeValidator(str), Field(max_length=120)] | None = None
    status: _one_of(CaseStudy.Status) | None = None  # type: ignore[valid-type]
    status_note: Line | None = None
    approach: Text | None = None
    outcomes: Text | None = None
    enablers: list[Text] = []
    barriers: list[BarrierItem] = []
    lessons: list[Text] = []
    lessons_reading: _one_of(CaseStudy.Reading) | None = None  # type: ignore[valid-type]
    agreement: _one_of(CaseStudy.Agreement) | None = None  # type: ignore[valid-type]
    bank_model: _one_of(CaseStudy.BankModel) | None = None  # type: ignore[valid-type]
    participants: list[ParticipantItem] = []
    innovations_used: list[Key] = []


class MeasureFile(DataFile):
    """One measure; the file's name is its key."""

    name: Line
    topic: _one_of(Measure.Topic)  # type: ignore[valid-type]
    unit: Line
    direction: _one_of(Measure.Direction)  # type: ignore[valid-type]
    additive: bool
    counts_people: bool = False
    price_year: Annotated[int, Field(ge=1948, le=2100)] | None = None
    definition: Text
    why_it_matters: Text | None = None
    how_worked_out: Text | None = None
    caveats: Text | None = None
    author: Line
    checker: Line | None = None
    status: _one_of(Measure.Status) = "in_use"  # type: ignore[valid-type]
    reviewed: date | None = None
    next_review: date | None = None
    position: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def has_price_year_if_money_adds_up(self) -> Self:
        if self.unit == "GBP" and self.additive and self.price_year is None:
            raise ValueError("money that is added up needs a price_year, as in 2024")
        return self


class TagItem(DataFile):
    slug: Key
    name: Line
    definition: Text | None = None


class ThemeItem(TagItem):
    for_case_studies: bool = False


class TagsFile(DataFile):
    themes: list[ThemeItem]
    plan_strands: list[TagItem]
    care_settings: list[TagItem]
    staff_groups: list[TagItem]
    workforce_challenges: list[TagItem]
    innovation_kinds: list[TagItem]
    programmes: list[TagItem]


class SynonymsItem(DataFile):
    key: Key
    terms: Annotated[list[Line], Field(min_length=2)]
    why: Text


class SynonymsFile(DataFile):
    synonyms: list[SynonymsItem]


class SharedEvidenceFile(DataFile):
    evidence: list[EvidenceItem]


class WorkingTimeItem(DataFile):
    valid_from: date
    hours_per_day: Annotated[Decimal, Field(gt=0)]
    hours_per_week: Annotated[Decimal, Field(gt=0)]
    weeks_per_year: Annotated[Decimal, Field(gt=0)]


class ConfirmationPeriodItem(DataFile):
    valid_from: date
    months: Annotated[int, Field(ge=1, le=60)]
    reviewed: date
    why: Line | None = None


class ConfirmationPeriodsFile(DataFile):
    confirmation_periods: Annotated[list[ConfirmationPeriodItem], Field(min_length=1)]


class WorkingTimeFile(DataFile):
    working_time: list[WorkingTimeItem]


class NetworkClaimsFile(DataFile):
    claims: list[NetworkClaimItem]

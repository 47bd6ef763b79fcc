"""The document of a draft of either kind. The fields are the model's own, by the same names and limits."""

from typing import Annotated, Any

from pydantic import Field, create_model

from casestudies.models import CaseStudy, LearningPoint, Participant
from innovations.models import Innovation
from portal.benefits.models import Basis, BenefitFigure, PeriodKind
from portal.catalogue.models import Claim, Entry, EntryEvidence, OtherName
from portal.core.api.shapes import MOST_ROWS, Day, Key, Number, Shape, one_of, said_in, text_of
from portal.core.quantities import Qualifier
from portal.exchange.loading.entries import SAME_NAMES

Rows: Any = Field(default=[], max_length=MOST_ROWS)
Keys = Annotated[list[Key], Rows]

PLAIN: dict[Any, list[str]] = {model: names.split() for model, names in SAME_NAMES.items()}
PLAIN[Entry] = [*PLAIN[Entry][1:], "last_reviewed_on", "next_review_on"]
"""Fields that stand in a document as they stand in the model; null is the model's empty text."""
TAGS: dict[Any, list[str]] = {
    Entry: ["themes", "plan_strands", "care_settings", "staff_groups", "workforce_challenges"],
    Innovation: ["kinds", "programmes"],
    CaseStudy: [],
}
"""Lists of tags, told by their slugs."""
PLACES = ["lead_organisations", "places"]
"""Lists of organisations, told by their codes."""
FIGURE = [
    *("counted", "per", "qualifier", "change", "gross_or_net", "monetised", "horizon", "cash_releasing", "price_year"),
    *("population", "population_size", "staff_group", "method", "locator", "note"),
]


def length(model: Any, name: str) -> int:
    return int(model._meta.get_field(name).max_length)


class DraftPeriod(Shape):
    """When: a period has a start and an end; “cumulative” needs its end, “as_at” its date as the end alone."""

    kind: one_of(PeriodKind) | None  # type: ignore[valid-type]
    start: Day | None = None
    end: Day | None = None
    note: text_of(length(BenefitFigure, "period_note")) | None = None  # type: ignore[valid-type]


class DraftPlace(Shape):
    """Where: an organisation's code, or that the source doesn't say."""

    code: Key | None
    not_stated: bool = False
    note: text_of(length(BenefitFigure, "place_note")) | None = None  # type: ignore[valid-type]


_own_fields: Any = {name: said_in(BenefitFigure, name) for name in FIGURE if name != "qualifier"}


class _FigureHead(Shape):
    key: Key | None = Field(
        default=None, description="Stable within the entry; made of the label where it is left out."
    )
    label: text_of(length(BenefitFigure, "label"))  # type: ignore[valid-type]
    measure: Key = Field(description="The key of one of /api/v1/measures/.")
    unit: text_of(60) = Field(description="The measure’s unit: whoever sends another has another figure in mind.")  # type: ignore[valid-type]
    value: Number
    low: Number | None = None
    high: Number | None = None
    qualifier: one_of(Qualifier)  # type: ignore[valid-type]
    role: one_of(BenefitFigure.Role) | None  # type: ignore[valid-type]
    basis: one_of(Basis) | None  # type: ignore[valid-type]
    achievement: one_of(BenefitFigure.Achievement) | None  # type: ignore[valid-type]
    period: DraftPeriod
    place: DraftPlace
    source: Key = Field(description="The key of a source.")
    attribution_share: Number | None = Field(default=None, description="The part due to the entry, 0 to 1.")
    overlap_group: Key | None = None


DraftFigure: Any = create_model(
    "DraftFigure",
    __base__=_FigureHead,
    __doc__="One value of one measure, with all it must never travel without. Null: not settled yet.",
    **_own_fields,
)


class DraftEvidence(Shape):
    """One source that the entry cites, and what it found, in our words."""

    source: Key
    finding: said_in(EntryEvidence, "finding")  # type: ignore[valid-type]
    locator: said_in(EntryEvidence, "locator")  # type: ignore[valid-type]


class DraftClaim(Shape):
    """A statement without a source; it never becomes a figure."""

    statement: text_of(2000)  # type: ignore[valid-type]
    said_by: said_in(Claim, "said_by")  # type: ignore[valid-type]


class DraftParticipant(Shape):
    """One organisation's part, named as the source names it; its code where it is known."""

    name: text_of(length(Participant, "name"))  # type: ignore[valid-type]
    role: said_in(Participant, "role")  # type: ignore[valid-type]
    organisation: Key | None = None


class DraftLearningPoint(Shape):
    """One enabler, barrier or lesson."""

    kind: one_of(LearningPoint.Kind)  # type: ignore[valid-type]
    barrier_kind: said_in(LearningPoint, "barrier_kind")  # type: ignore[valid-type]
    text: text_of(5000)  # type: ignore[valid-type]


def _fields_of(model: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {name: said_in(model, name) for name in PLAIN[model]}
    return plain | dict.fromkeys(TAGS[model], Keys)


class _DraftHead(Shape):
    title: Annotated[text_of(length(Entry, "title")), Field(min_length=1)]  # type: ignore[valid-type]
    other_names: Annotated[list[text_of(length(OtherName, "name"))], Rows]  # type: ignore[valid-type]
    lead_organisations: Keys = Field(description="Codes.")
    places: Keys = Field(description="Codes of boards and regions.")
    figures: Annotated[list[DraftFigure], Rows]
    evidence: Annotated[list[DraftEvidence], Rows]
    claims_without_source: Annotated[list[DraftClaim], Rows]


_of_every_kind = _fields_of(Entry)
InnovationDocument: Any = create_model(
    "InnovationDocument",
    __base__=_DraftHead,
    __doc__="An innovation as its network writes it. What is left out is empty.",
    **_of_every_kind,
    **_fields_of(Innovation),
)


class _CaseStudyHead(_DraftHead):
    participants: Annotated[list[DraftParticipant], Rows]
    learning_points: Annotated[list[DraftLearningPoint], Rows]
    innovations_used: Keys = Field(description="Slugs of innovations.")


CaseStudyDocument: Any = create_model(
    "CaseStudyDocument",
    __base__=_CaseStudyHead,
    __doc__="A case study as its network writes it. What is left out is empty.",
    **_of_every_kind,
    **_fields_of(CaseStudy),
)


class HandedIn(Shape):
    """What is said with a draft that is handed in."""

    why: text_of(2000) | None = Field(  # type: ignore[valid-type]
        default=None, description="Why it changes; needed once readers have seen the entry, who are told."
    )

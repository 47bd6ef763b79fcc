"""The passages and particulars of an entry, which differ between innovations and case studies."""

from collections.abc import Iterable
from typing import Any

from casestudies.models import CaseStudy, LearningPoint
from innovations.models import Innovation
from portal.briefings.limits import clean_line, cut_rows, paragraphs
from portal.catalogue.models import Entry
from portal.core.formatting import format_date

Passage = dict[str, Any]


def opening_passages(entry: Entry) -> list[Passage]:
    """What it answers and how: passages that are simply absent when nobody wrote them."""
    passages = [_passage("The challenge it answers", entry.challenge), *_how(entry.specific)]
    passages.append(_passage("The policy it answers", entry.policy_answered))
    return [passage for passage in passages if passage["paragraphs"]]


def _how(entry: Entry) -> list[Passage]:
    if isinstance(entry, Innovation):
        return [
            _passage("How it works", entry.how_it_works),
            _passage("Who can use it", entry.eligibility),
            _passage("What drives the cost", entry.cost_drivers),
        ]
    assert isinstance(entry, CaseStudy)  # noqa: S101  # nosec B101  # there are two kinds
    return [_passage("The approach", entry.approach), _passage("What came of it", entry.outcomes)]


def closing_passages(entry: Entry) -> list[Passage]:
    """What a board must ask before it decides: said to be missing when nobody wrote it."""
    return [
        _passage("Where it may not work", entry.where_it_may_not_work),
        _passage("What it needs from you", entry.what_it_needs),
        _passage("Before quoting this entry", entry.caveats),
    ]


def contact(entry: Entry) -> str:
    """Return whom to ask: a role, with the network that keeps the entry true."""
    keeper = entry.owner_network.display_name if entry.owner_network else ""
    return clean_line(", ".join(part for part in (entry.contact_role, keeper) if part))


def _passage(heading: str, text: str) -> Passage:
    return {"heading": heading, "paragraphs": paragraphs(text)}


LEARNING = [
    (LearningPoint.Kind.ENABLER, "What helped"),
    (LearningPoint.Kind.BARRIER, "What got in the way"),
    (LearningPoint.Kind.LESSON, "What was learnt"),
]


def learning(entry: Entry) -> list[dict[str, Any]]:
    """Enablers, barriers and lessons of a case study; none for an innovation."""
    case_study = entry.specific
    if not isinstance(case_study, CaseStudy):
        return []
    points = list(case_study.learning_points.all())
    lists = []
    for kind, heading in LEARNING:
        kept, cut = cut_rows([_point(point) for point in points if point.kind == kind])
        lists.append({"heading": heading, "items": kept, "cut": cut, "note": _whose_reading(case_study, kind)})
    return [one for one in lists if one["items"]]


def _whose_reading(case_study: CaseStudy, kind: str) -> str:
    if kind == LearningPoint.Kind.LESSON and case_study.lessons_reading == CaseStudy.Reading.OURS:
        return "Our reading of the source; the source does not list lessons."
    return ""


def _point(point: LearningPoint) -> str:
    start = f"{point.get_barrier_kind_display()}: " if point.barrier_kind else ""
    return start + clean_line(point.text)


def particulars(entry: Entry) -> list[dict[str, str]]:
    """Return term and text of what is filed about the entry; empty ones are left out."""
    specific = entry.specific
    own = _innovation_particulars(specific) if isinstance(specific, Innovation) else _case_study_particulars(specific)
    pairs = [
        ("Also known as", _names(entry.other_names.all())),
        *own,
        ("Themes", _names(entry.themes.all())),
        ("Care settings", _names(entry.care_settings.all())),
        ("Staff groups", _names(entry.staff_groups.all())),
        ("Plan strands", _names(entry.plan_strands.all())),
        ("Led by", _names(organisation.display_name for organisation in entry.lead_organisations.all())),
        ("Places", _names(place.display_name for place in entry.places.all())),
        ("Scope", entry.get_scope_display()),
        ("Kept by", entry.owner_network.display_name if entry.owner_network else ""),
        ("Last reviewed", format_date(entry.last_reviewed_on) if entry.last_reviewed_on else ""),
    ]
    return [{"term": term, "text": clean_line(text)} for term, text in pairs if text]


def _innovation_particulars(innovation: Innovation) -> list[tuple[str, str]]:
    nice = [innovation.get_nice_status_display(), innovation.nice_reference]
    return [
        ("Kind", _names(innovation.kinds.all())),
        ("Supplier or lead", innovation.supplier_or_lead),
        ("Cost band", innovation.get_cost_band_display()),
        ("Ease of adoption", innovation.get_ease_of_adoption_display()),
        ("NICE", ", ".join(part for part in nice if part)),
        ("Programmes", _names(innovation.programmes.all())),
    ]


def _case_study_particulars(case_study: Any) -> list[tuple[str, str]]:
    status = [case_study.get_status_display(), case_study.status_note]
    return [
        ("System", case_study.system),
        ("Period", case_study.period),
        ("Status", ". ".join(part for part in status if part)),
        ("Agreement", case_study.get_agreement_display()),
        ("Bank model", case_study.get_bank_model_display()),
        ("Took part", _names(_participant(participant) for participant in case_study.participants.all())),
        ("Innovations used", _names(innovation.title for innovation in case_study.innovations_used.all())),
    ]


def _participant(participant: Any) -> str:
    return f"{participant.name} ({participant.role})" if participant.role else participant.name


def _names(things: Iterable[Any]) -> str:
    """List names with semicolons, since a name may hold a comma."""
    names = [str(thing) for thing in things]
    return ("; " if any("," in name for name in names) else ", ").join(names)

"""What case studies add to finding entries: their own texts, who took part, and the arrangement."""

from itertools import chain
from typing import Any

from casestudies.models import CaseStudy
from portal.catalogue.finding.documents import add_field, add_text
from portal.catalogue.finding.facets import Entries, Options, Pairs, add_facet, choices, tags, values_at
from portal.catalogue.models import Theme

BANK = "bank-"  # an agreement and a bank model may be called the same


def help_finding() -> None:
    add_field("Where", "system")
    add_field("What was done", "approach")
    add_field("What came of it", "outcomes")
    add_text("body", "What was learned", _lessons_of, "casestudy__learning_points")
    add_text("facts", "Taking part", _participants_of, "casestudy__participants")
    add_facet("case_study_theme", values_at("themes__slug"), tags(Theme.objects.filter(for_case_studies=True)))
    add_facet("arrangement", _arrangements, _arrangement_options)


def _lessons_of(entry: Any) -> list[str]:
    return (
        [point.text for point in entry.specific.learning_points.all()] if isinstance(entry.specific, CaseStudy) else []
    )


def _participants_of(entry: Any) -> list[str]:
    return [one.name for one in entry.specific.participants.all()] if isinstance(entry.specific, CaseStudy) else []


def _arrangements(entries: Entries) -> Pairs:
    banks = ((pk, f"{BANK}{value}") for pk, value in values_at("casestudy__bank_model")(entries))
    return chain(values_at("casestudy__agreement")(entries), banks)


def _arrangement_options() -> Options:
    banks = [(f"{BANK}{value}", f"Staff bank: {label}") for value, label in choices(CaseStudy.BankModel)()]
    return [*choices(CaseStudy.Agreement)(), *banks]

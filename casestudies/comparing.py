"""What case studies say in a comparison."""

from collections.abc import Callable
from typing import Any

from casestudies.models import CaseStudy
from portal.catalogue.compare import add_fact


def help_comparing() -> None:
    add_fact("Status of the arrangement", _of_case_study(_status))
    add_fact("Agreement", _of_case_study(lambda one: one.get_agreement_display()))
    add_fact("Staff bank", _of_case_study(lambda one: one.get_bank_model_display()))
    add_fact("Period", _of_case_study(lambda one: one.period))


def _of_case_study(tell: Callable[[Any], str]) -> Callable[[Any], str | None]:
    return lambda entry: tell(entry) if isinstance(entry, CaseStudy) else None


def _status(case_study: CaseStudy) -> str:
    return ". ".join(text for text in (case_study.get_status_display(), case_study.status_note) if text)

"""What the database promises of adoption, in words a person can act on."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.factories import (
    AdoptionRecordFactory,
    CoverageClaimFactory,
    EvidenceFactory,
    InnovationFactory,
    TrustFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"stage": "stopped"}, "Give a reason when, and only when"),
        ({"stage": "adopted", "stop_reason": "cost"}, "Give a reason when, and only when"),
        ({"evidence": None, "said_by": ""}, "Say who reported this"),
        ({"on": "spring"}, "Write a year"),
    ],
)
def test_a_record_that_leaves_a_question_open_is_refused(wrong: dict[str, Any], says: str) -> None:
    values = {"evidence": EvidenceFactory(), "organisation": TrustFactory(), "entry": InnovationFactory(), **wrong}
    record = AdoptionRecordFactory.build(**values)
    with pytest.raises(ValidationError, match=says):
        record.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()


@pytest.mark.parametrize("wrong", [{"count": 43, "denominator": 42}, {"share_percent": 101}, {"as_at": "2024-13"}])
def test_a_claim_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        CoverageClaimFactory(entry=InnovationFactory(), **wrong)

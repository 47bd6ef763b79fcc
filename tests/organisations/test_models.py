"""What the database promises of organisations, in words a person can act on."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tests.factories import IcbFactory, MembershipFactory, SuccessionFactory, TrustFactory

pytestmark = pytest.mark.django_db


def test_an_organisation_cannot_close_before_it_opened() -> None:
    trust = TrustFactory.build(opened_on=date(2020, 1, 1), closed_on=date(2019, 1, 1))
    with pytest.raises(ValidationError, match="can't close before it opened"):
        trust.full_clean()
    with pytest.raises(IntegrityError):
        trust.save()


def test_only_a_trust_has_a_trust_type() -> None:
    with pytest.raises(IntegrityError):
        IcbFactory(trust_type="acute")


def test_a_membership_without_a_start_stands_once() -> None:
    first = MembershipFactory()
    with pytest.raises(IntegrityError):
        MembershipFactory(organisation=first.organisation, within=first.within)


def test_nothing_succeeds_itself() -> None:
    board = IcbFactory()
    with pytest.raises(IntegrityError):
        SuccessionFactory(predecessor=board, successor=board)

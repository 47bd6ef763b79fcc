"""Writes that concern evidence."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from portal.core.people import name_of
from portal.evidence.calculations import FIRST
from portal.evidence.models import RuleInForce
from portal.evidence.querysets import get_rule


class RuleRefused(Exception):
    """A version of the strength rule can't be put in force like this; the message is fit to show."""


class RuleAlreadyInForce(RuleRefused):
    pass


class RuleNeedsReason(RuleRefused):
    pass


class RuleMoved(RuleRefused):
    """Another version came in force since the changes were listed."""


@transaction.atomic
def put_rule_in_force(*, version: int, instead_of: int, why: str, by: AbstractBaseUser | None) -> RuleInForce:
    """Put a version of the strength rule in force; every page says so with the next request.

    `instead_of` is the version against which the changes were listed: what somebody agreed to after
    reading that list is not done over another. `by` is the person, or None on the command line;
    whether they may is the caller's question. Raises RuleRefused or UnknownRule.
    """
    get_rule(version)
    if not why.strip():
        raise RuleNeedsReason("Say why this version is put in force.")
    row = RuleInForce.objects.standing()
    standing = row.version if row else FIRST.version
    if standing != instead_of:
        raise RuleMoved(f"Version {standing} has come in force since the changes were listed. List them again.")
    if standing == version:
        raise RuleAlreadyInForce(f"Version {version} of the strength rule is in force already.")
    return _add_row(number=row.number + 1 if row else 1, version=version, why=why.strip(), by=by)


def _add_row(*, by: AbstractBaseUser | None, **fields: Any) -> RuleInForce:
    """Add the next row; of two who do so at once, the second is refused by its number."""
    try:
        with transaction.atomic():
            return RuleInForce.objects.create(by=by, by_name=name_of(by, otherwise="the command line"), **fields)  # type: ignore[misc]
    except IntegrityError:
        raise RuleMoved("Somebody else has just put a version in force. List the changes again.") from None

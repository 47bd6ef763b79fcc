"""What evidence holds of people: who put which version of the strength rule in force."""

from functools import partial
from typing import Any

from portal.core.personal import forget_name, hold
from portal.evidence.models import RuleInForce


def hold_personal() -> None:
    hold("strength_rule", tell=_rules, erase=partial(forget_name, RuleInForce, "by", "by_name"))


def _rules(person: Any) -> list[dict[str, Any]]:
    return list(RuleInForce.objects.filter(by=person).order_by("number").values("version", "since", "why"))

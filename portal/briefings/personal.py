"""What packs hold of people: which are theirs, and their basket, which goes with the account."""

from typing import Any

from portal.briefings.models import BriefingPack, KeptBasket, PackHolder
from portal.briefings.visitors import key_of_person
from portal.core.personal import hold


def hold_personal() -> None:
    hold("briefings", tell=_packs, erase=_let_go)


def _packs(person: Any) -> dict[str, Any]:
    packs = BriefingPack.objects.held_by([key_of_person(person)])
    basket = KeptBasket.objects.filter(person=person).first()
    return {
        "packs": list(packs.values("title", "created_at", "expires_at")),
        "basket": basket.slugs if basket else [],
    }


def _let_go(person: Any) -> None:
    """Packs expire by themselves; that this person asked for them is forgotten now."""
    PackHolder.objects.filter(key=key_of_person(person)).delete()

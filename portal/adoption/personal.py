"""What adoption holds of people: the contacts they added, and the records they entered or verified."""

from typing import Any

from portal.core.personal import hold

RECORDED = ("entry__title", "organisation__name", "stage", "on", "reported_at", "verified_at")


def hold_personal() -> None:
    hold("adoption", tell=_adoption)


def _adoption(person: Any) -> dict[str, Any]:
    return {
        "contacts_added": list(person.contacts_added.order_by("pk").values("organisation__name", "email")),
        "records_entered": list(person.adoption_records_reported.order_by("pk").values(*RECORDED)),
        "records_verified": list(person.adoption_records_verified.order_by("pk").values(*RECORDED)),
    }

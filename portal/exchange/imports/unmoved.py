"""What a batch was planned against, and whether that is still so when it is written."""

from collections.abc import Iterable
from typing import Any

from portal.accounts.models import User
from portal.accounts.permissions import reach_of
from portal.adoption.models import AdoptionRecord
from portal.catalogue.models import Entry
from portal.editing.workflow import with_workflow
from portal.exchange.imports.history import AT_ONCE
from portal.exchange.imports.known import batched
from portal.exchange.imports.plans import Plan
from portal.exchange.imports.saving import RECORD_FIELDS

STANDING = (
    *("pk", "latest_revision_id", "live_revision_id", "owner_network_id", "first_published_at", "live"),
    *("locked", "locked_by_id", "workflow_status", "scheduled_for"),
)
"""What of an entry decides what its rows may do and what they are read against."""
OF_RECORD = (*RECORD_FIELDS, "verified_at")


class MovedOn(Exception):
    """What the rows would be applied to is not what they were checked against; the text says so, fit to show."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} changed after the rows were checked, so they were checked again. Look at what differs now, then "
            "apply."
        )


class Seen:
    """Of everything that a batch's writes were worked out from, just enough to tell whether it changed."""

    def __init__(self, person: Any) -> None:
        self.person, self.reach = person, reach_of(person)
        self.entries: dict[str, Any] = {}
        self.records: dict[int, Any] = {}

    def note(self, plans: Iterable[Plan]) -> None:
        for plan in plans:
            self.note_entry(plan.slug, plan.entry)
            self.note_records(plan.records_before.values())

    def note_entry(self, slug: str, entry: Any) -> None:
        """Take an entry as it is, fetched with its workflow; None where there is none of that address."""
        self.entries[slug] = entry and tuple(getattr(entry, name) for name in STANDING)

    def note_records(self, records: Iterable[AdoptionRecord]) -> None:
        for record in records:
            self.records[record.pk] = tuple(getattr(record, name) for name in OF_RECORD)

    def check_unmoved(self) -> None:
        """Raise MovedOn for the first thing that is not as it was; what is, stays so until the transaction ends."""
        person = self.person and User.objects.filter(pk=self.person.pk).first()
        if reach_of(person) != self.reach:
            raise MovedOn("Your role")
        for some in batched(self.entries, AT_ONCE):
            entries = Entry.objects.filter(slug__in=some).select_for_update(of=("self",), no_key=True)
            rows = {slug: now for slug, *now in with_workflow(entries).order_by("pk").values_list("slug", *STANDING)}
            for slug in some:
                before = self.entries[slug]
                if rows.get(slug) != (before and list(before)):
                    raise MovedOn(f"The entry “{slug}”")
        for keys in batched(self.records, AT_ONCE):
            records = AdoptionRecord.objects.filter(pk__in=keys).select_for_update(of=("self",), no_key=True)
            found = {pk: tuple(now) for pk, *now in records.order_by("pk").values_list("pk", *OF_RECORD)}
            if any(found.get(pk) != self.records[pk] for pk in keys):
                raise MovedOn("An adoption record")

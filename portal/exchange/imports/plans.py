"""What the rows of one entry come to, before anything is saved."""

from dataclasses import dataclass, field
from typing import Any

from portal.adoption.models import AdoptionRecord
from portal.catalogue.models import Entry


@dataclass
class Plan:
    """One entry with what the file says of it."""

    slug: str
    entry: Entry | None = None
    draft: Any = None
    is_new: bool = False
    is_changed: bool = False
    records: list[AdoptionRecord] = field(default_factory=list)
    records_before: dict[int, AdoptionRecord] = field(default_factory=dict)

    @property
    def pk(self) -> int | None:
        key: int | None = self.draft.pk if self.draft is not None else None
        return key

"""The numbered references of a pack: one list, shared by all its entries."""

from collections.abc import Mapping
from typing import Any

from portal.briefings.limits import clean_line, clean_title
from portal.core.formatting import format_partial_date
from portal.evidence.models import Evidence


class References:
    """Number each piece of evidence when it is first cited, in reading order."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._rows: list[dict[str, Any]] = []

    def cite(self, evidence: Evidence | None) -> int | None:
        """Return the evidence's number; None where a fact rests on somebody's word alone."""
        if evidence is None:
            return None
        if evidence.pk not in self._numbers:
            self._numbers[evidence.pk] = len(self._rows) + 1
            self._rows.append({"number": len(self._rows) + 1, **_reference(evidence), "on_the_site": []})
        return self._numbers[evidence.pk]

    def match(self, entry: int, numbers: Mapping[int, int]) -> None:
        """Note which number each source has on the page of an entry of the pack, so that both can be read together."""
        for pk, on_the_page in numbers.items():
            if pk in self._numbers:
                self._rows[self._numbers[pk] - 1]["on_the_site"].append({"entry": entry, "source": on_the_page})

    def rows(self) -> list[dict[str, Any]]:
        return self._rows


def _reference(evidence: Evidence) -> dict[str, Any]:
    return {
        "title": clean_title(evidence.title),
        "publisher": clean_line(evidence.publisher),
        "published": _when(evidence),
        "address": clean_line(evidence.url),
        "doi": clean_line(evidence.doi),
        "about": ". ".join(_about(evidence)),
    }


def _when(evidence: Evidence) -> str:
    if not evidence.published:
        return "undated"
    worked_out = " (date worked out)" if evidence.date_inferred else ""
    return format_partial_date(evidence.published) + worked_out


def _about(evidence: Evidence) -> list[str]:
    """Say what a reader needs to judge the source; silent about what was not assessed."""
    parts = [evidence.get_type_display(), evidence.get_independence_display()]
    if evidence.design_level:
        parts.append(f"Maryland scale {evidence.design_level}")
    if evidence.sample:
        parts.append(f"Sample: {clean_line(evidence.sample)}")
    parts.append(evidence.get_read_extent_display())
    if evidence.known_through:
        parts.append(f"Not read itself; known through “{clean_title(evidence.known_through.title)}”")
    return [part for part in parts if part]


def strength_line(evidence: Evidence) -> str:
    """Write type and independence in one line, for beside a finding."""
    parts = [evidence.get_type_display() or "Type not assessed", evidence.get_independence_display()]
    return " · ".join(part for part in parts if part)

"""What whoever asks for a pack decides about it, beside which entries it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Self

from portal.briefings.for_us import ForUs

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "summary": "Summary in three to six points",
        "implications": "Implications for the board",
        "totals": "What the entries add up to",
        "comparison": "The entries side by side",
        "adoption": "Who has taken each up, and where",
        "evidence": "The evidence and how strong it is",
        "needs": "What each needs from you",
        "assumptions": "Assumptions and limits",
        "glossary": "The measures used, explained",
    }
)
"""What may be left out, in the document's order. Figures, “where it may not work”, what was left out of a total
and the references always stay: without them a figure could not be judged."""


@dataclass(frozen=True)
class PackOptions:
    """The choices of one pack. `purpose` is a value of BriefingPack.Purpose, `audience` an organisation's code or
    empty; `on` is the date shown, the day of asking where it is None; `for_us` holds the reader's numbers by slug.
    """

    title: str
    purpose: str = "information"
    audience: str = ""
    author_line: str = ""
    on: date | None = None
    recommendation: str = ""
    sections: tuple[str, ...] = tuple(SECTIONS)
    for_us: Mapping[str, ForUs] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what a row keeps, to make the next issue by."""
        return {
            "title": self.title,
            "purpose": self.purpose,
            "audience": self.audience,
            "author_line": self.author_line,
            "on": self.on.isoformat() if self.on else "",
            "recommendation": self.recommendation,
            "sections": list(self.sections),
            "for_us": {slug: list(one) for slug, one in self.for_us.items()},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return the options that `as_json` wrote; a section that no longer exists is passed over."""
        return cls(
            **{name: kept[name] for name in ("title", "purpose", "audience", "author_line", "recommendation")},
            on=date.fromisoformat(kept["on"]) if kept["on"] else None,
            sections=tuple(key for key in SECTIONS if key in kept["sections"]),
            for_us={slug: ForUs(*one) for slug, one in kept["for_us"].items()},
        )

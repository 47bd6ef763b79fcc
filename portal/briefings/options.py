"""What whoever asks for a pack decides about it, beside which entries it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

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

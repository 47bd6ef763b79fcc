"""How far an entry has been taken up, told by the floor of adoption: this one may not import that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.catalogue.models import Entry


@dataclass(frozen=True)
class Uptake:
    """What lists and headings say. `who` names who reached the stage, `about` whom the coverage is of."""

    stage: str = ""
    stage_text: str = ""
    who: str = ""
    coverage: str = ""
    about: str = ""


NOTHING_REPORTED = Uptake()
TellUptake = Callable[[Sequence[Entry]], Mapping[int, Uptake]]
_tellers: list[TellUptake] = []


def tell_uptake_by(teller: TellUptake) -> None:
    """Have `teller` asked, once for a whole list of entries, how far each has been taken up."""
    _tellers[:] = [teller]


def uptake_of(entries: Sequence[Entry]) -> Mapping[int, Uptake]:
    """Return what is told of these entries by their pk; an entry of which nothing is told is missing."""
    return _tellers[0](entries) if _tellers and entries else {}

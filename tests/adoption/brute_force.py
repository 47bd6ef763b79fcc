"""Coverage once more, as plainly as it can be said: try every world that what is known allows."""

from collections.abc import Iterable
from itertools import product

from portal.adoption.calculations import JOURNEY, LIVE, Event
from portal.organisations.places import Succeeded
from tests.adoption.stories import Raw, is_old


def interval(raw: Raw, group: Iterable[int]) -> tuple[int, int]:
    """Return the fewest and the most of the group that can be live."""
    everyone = sorted({body.place for body in raw.bodies if body.is_open(raw.day)})
    group, says = set(group), {place: _says(raw, place) for place in everyone}
    undecided = [place for place in everyone if says[place] in ("perhaps", "silent")]
    counts = []
    for chosen in product([False, True], repeat=len(undecided)):
        live = {place for place in everyone if says[place] == "live"}
        live |= {place for place, is_live in zip(undecided, chosen, strict=True) if is_live}
        if _loses_nobody(raw, live, says):
            counts.append(len(live & group))
    return min(counts), max(counts)


def _loses_nobody(raw: Raw, live: set[int], says: dict[int, str]) -> bool:
    """Say whether each adopter that was split goes on in one of those that hold a part of it and have not spoken."""
    for place in {row.predecessor for row in raw.successions if row.on <= raw.day}:
        if len(_heirs(raw, place)) < 2 or _says(raw, place) != "live":
            continue
        ends = _ends(raw, place)
        holders = {end for end in ends if says[end] == "perhaps" and _holds_part_of(raw, end, place)}
        if holders and not live & (holders | {end for end in ends if says[end] == "live"}):
            return False
    return True


def _heirs(raw: Raw, place: int) -> set[int]:
    return {row.successor for row in raw.successions if row.predecessor == place and row.on <= raw.day}


def _ends(raw: Raw, place: int) -> set[int]:
    open_now = {body.place for body in raw.bodies if body.is_open(raw.day)}
    found: set[int] = set()
    for heir in _heirs(raw, place):
        found |= ({heir} & open_now) | _ends(raw, heir)
    return found


def _holds_part_of(raw: Raw, place: int, adopter: int) -> bool:
    """Follow the succession back, past nobody who has spoken since."""
    return any(
        row.predecessor == adopter
        or (_says(raw, row.predecessor) == "perhaps" and _holds_part_of(raw, row.predecessor, adopter))
        for row in _still_told(raw, place)
    )


def _still_told(raw: Raw, place: int) -> list[Succeeded]:
    own = _word(raw, place)
    rows = [row for row in raw.successions if row.successor == place and row.on <= raw.day]
    return [row for row in rows if not _spoke_since(raw, own, row)]


def _spoke_since(raw: Raw, own: Event | None, row: Succeeded) -> bool:
    before = _heard_from(raw, row.predecessor)
    return own is not None and own.first >= row.on and (before is None or own.first >= before.first)


def _word(raw: Raw, place: int) -> Event | None:
    """Return the word that stands: early stages don't undo later ones that weren't ended."""
    word: Event | None = None
    for one in sorted((one for one in raw.events if one.body == place), key=lambda one: one.order):
        if one.first > raw.day:
            continue
        goes_back = one.stage == "exploring" and word is not None and word.stage == "piloting"
        is_more = one.stage in ("exploring", "piloting") and word is not None and word.stage in LIVE
        word = word if goes_back or is_more else one
    return word


def _says(raw: Raw, place: int) -> str:
    own = _word(raw, place)
    before = {row.predecessor: _says(raw, row.predecessor) for row in _still_told(raw, place)}
    whole = {place for place in before if len(_heirs(raw, place)) == 1}
    if own and own.stage in LIVE and not is_old(own, raw):
        return "live"
    if any(before[place] == "live" for place in whole):
        return "live"
    if any(says in ("live", "perhaps") for says in before.values()):
        return "perhaps"
    if own:
        return "silent" if is_old(own, raw) else "not_live"
    return "not_live" if before and "silent" not in before.values() else "silent"


def _heard_from(raw: Raw, place: int) -> Event | None:
    """Return the word of the one that decides what a predecessor says."""
    own = _word(raw, place)
    if own and own.stage in LIVE and not is_old(own, raw):
        return own
    told = _still_told(raw, place)
    told_by = {row.predecessor: _says(raw, row.predecessor) for row in told}
    whole_live = [p for p, says in told_by.items() if says == "live" and len(_heirs(raw, p)) == 1]
    parts = [p for p, says in told_by.items() if says in ("live", "perhaps")]
    if whole_live or parts:
        return _latest(raw, whole_live or parts)
    if own:
        return own
    silent = [p for p, says in told_by.items() if says == "silent"]
    return _latest(raw, silent or list(told_by))


def _latest(raw: Raw, places: Iterable[int]) -> Event | None:
    events = [one for place in places if (one := _heard_from(raw, place))]
    return max(events, key=lambda one: (one.first, JOURNEY.index(one.stage), one.last, one.event), default=None)

"""A field to choose one option from, as `components/select.html` shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Option(NamedTuple):
    value: str
    text: str
    chosen: bool = False


class OptionGroup(NamedTuple):
    """Options under a heading of their own; without a label they stand by themselves."""

    label: str
    options: list[Option]


@dataclass(frozen=True)
class Select:
    name: str
    label: str
    groups: list[OptionGroup]


def choose_one(name: str, label: str, choices: Iterable[tuple[str, str]], chosen: str, *, or_all: str = "") -> Select:
    """Offer these values and texts, with `chosen` chosen; after `or_all`, which chooses none of them."""
    options = [Option(value, str(text), value == chosen) for value, text in choices]
    if or_all:
        options.insert(0, Option("", or_all, not chosen))
    return Select(name, label, [OptionGroup("", options)])

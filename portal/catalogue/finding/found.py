"""What was found, as rows."""

from typing import Any

from portal.catalogue.finding.answers import Answer


class Found:
    """The entries of an answer in their order, for any paginator: a slice fetches its rows alone.

    `queryset` says which rows and what comes with them; it may know the entries as their kind.
    """

    def __init__(self, answer: Answer, queryset: Any) -> None:
        self.answer = answer
        self._queryset = queryset

    def __len__(self) -> int:
        return len(self.answer)

    def __getitem__(self, place: slice) -> list[Any]:
        return self.rows_of(self.answer[place])

    def rows_of(self, ids: list[int]) -> list[Any]:
        """Return these entries in this order; one that was withdrawn meanwhile is left out."""
        rows: list[Any] = self._queryset.public().listed(ids)
        return rows

    def place_behind(self, pk: int, place: int) -> int:
        """Return the place behind an entry that stood at `place`: others may have come and gone since.

        Behind one that went itself stands what has its place now.
        """
        if self.answer[place : place + 1] == [pk]:
            return place + 1
        return next((now + 1 for now, other in enumerate(self.answer.walk()) if other == pk), place)

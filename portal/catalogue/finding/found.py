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
        return self._queryset.public().listed(self.answer[place])

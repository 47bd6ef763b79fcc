"""What all of the API shares: strict questions, problems that say the fix, pages by cursor, sparse fields."""

from portal.core.api.description import Operation
from portal.core.api.fields import ExactNumber, NotStated, OneOf, OneOfOrNot, Told, Where, address
from portal.core.api.filters import StrictFilters, described, named, one_of, yes_or_no
from portal.core.api.pages import CursorPages
from portal.core.api.problems import NotAnswered, NotThere, Problem
from portal.core.api.states import check_match, etag_of, own_answer
from portal.core.api.views import Answering, ReadList, ReadOne

__all__ = [
    "Answering",
    "CursorPages",
    "ExactNumber",
    "NotAnswered",
    "NotStated",
    "NotThere",
    "OneOf",
    "OneOfOrNot",
    "Operation",
    "Problem",
    "ReadList",
    "ReadOne",
    "StrictFilters",
    "Told",
    "Where",
    "address",
    "check_match",
    "described",
    "etag_of",
    "named",
    "one_of",
    "own_answer",
    "yes_or_no",
]

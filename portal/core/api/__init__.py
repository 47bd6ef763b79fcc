"""What all of the API shares: strict questions, problems that say the fix, pages by cursor, sparse fields."""

from portal.core.api.fields import ExactNumber, NotStated, OneOf, OneOfOrNot, Told, Where, address
from portal.core.api.filters import StrictFilters, described, named, one_of, yes_or_no
from portal.core.api.pages import CursorPages
from portal.core.api.problems import NotAnswered, NotThere, Problem
from portal.core.api.views import ReadList, ReadOne

__all__ = [
    "CursorPages",
    "ExactNumber",
    "NotAnswered",
    "NotStated",
    "NotThere",
    "OneOf",
    "OneOfOrNot",
    "Problem",
    "ReadList",
    "ReadOne",
    "StrictFilters",
    "Told",
    "Where",
    "address",
    "described",
    "named",
    "one_of",
    "yes_or_no",
]

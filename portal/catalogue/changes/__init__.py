"""What differs between two states of an entry: field by field, figure by figure, and in plain sentences."""

from portal.catalogue.changes.comparison import ChildChange, DifferentKinds, FieldChange, changes_between
from portal.catalogue.changes.telling import Telling, tell_rows_of

__all__ = ["ChildChange", "DifferentKinds", "FieldChange", "Telling", "changes_between", "tell_rows_of"]

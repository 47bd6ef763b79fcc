"""The filters of the innovations' list: those of every entry, and kind."""

from innovations.models import Innovation
from portal.catalogue.filters import SHARED, THEME, Filter, FilterSet

INNOVATIONS = FilterSet(
    (Filter("kind", "Kind", "innovation_kind"), THEME, *SHARED), within=("kind", Innovation.kind_of_entry)
)

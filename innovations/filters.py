"""The filters of the innovations' list: those of every entry, and kind."""

from innovations.models import InnovationKind
from portal.catalogue.filters import ChoicesFilter, EntryFilterSet


class InnovationFilterSet(EntryFilterSet):
    kind = ChoicesFilter(label="Kind", field_name="innovation__kinds__slug", queryset=InnovationKind.objects.all())

    FACETS: tuple[str, ...] = ("kind", *EntryFilterSet.FACETS)

"""The filters of the case studies' list: those of every entry."""

from django_filters import ModelMultipleChoiceFilter

from portal.catalogue.filters import ChoicesFilter, EntryFilterSet
from portal.catalogue.models import Theme


class CaseStudyFilterSet(EntryFilterSet):
    theme: ModelMultipleChoiceFilter = ChoicesFilter(
        label="Theme", field_name="themes__slug", queryset=Theme.objects.filter(for_case_studies=True)
    )

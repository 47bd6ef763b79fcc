"""What editors look up while they write: places, sources, measures. Found by words, never typed again."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from portal.benefits.models import Measure
from portal.evidence.models import Evidence
from portal.organisations.models import Organisation

LONGEST_SEARCH = 200


def words_filter(fields: Sequence[str], help_text: str) -> type[BaseFilterForm]:
    """Return a form that keeps the rows in which each word stands in one of the fields."""

    class WordsFilter(BaseFilterForm):
        q = forms.CharField(
            label="Search",
            required=False,
            max_length=LONGEST_SEARCH,
            widget=forms.TextInput(attrs={"placeholder": help_text}),
        )

        def filter(self, objects: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
            objects = super().filter(objects)
            for word in self.cleaned_data.get("q", "").replace("\0", "").split():
                objects = objects.filter(reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields)))
            self.is_searching, self.search_query = bool(self.cleaned_data.get("q")), self.cleaned_data.get("q", "")
            return objects.distinct()

    return WordsFilter


def chooser_of(model: type[Model], *, noun: str, icon: str, fields: Sequence[str], help_text: str) -> ChooserViewSet:
    """Return the chooser of a model, whose widget stands in for its select box in every editing form."""
    filter_form = words_filter(fields, help_text)
    views = {
        name: type(f"{model.__name__}{base.__name__}", (base,), {"filter_form_class": filter_form})
        for name, base in (("choose_view_class", ChooseView), ("choose_results_view_class", ChooseResultsView))
    }
    name = model.__name__.lower()
    kind = type(f"{model.__name__}Chooser", (ChooserViewSet,), views)
    chooser: ChooserViewSet = kind(
        f"choose_{name}",
        url_prefix=f"choose/{name}",
        model=model,
        icon=icon,
        choose_one_text=f"Choose {noun}",
        choose_another_text=f"Choose another {noun.removeprefix('an ').removeprefix('a ')}",
        per_page=15,
    )
    return chooser


ORGANISATIONS = chooser_of(
    Organisation,
    noun="an organisation",
    icon="site",
    fields=("name", "short_name", "code"),
    help_text="Name or code, as in QWE",
)
EVIDENCE = chooser_of(
    Evidence,
    noun="a source",
    icon="doc-full",
    fields=("title", "publisher", "doi", "url"),
    help_text="Title, DOI or address",
)
MEASURES = chooser_of(
    Measure, noun="a measure", icon="order", fields=("name", "definition", "unit"), help_text="What is counted"
)
CHOOSERS = (ORGANISATIONS, EVIDENCE, MEASURES)

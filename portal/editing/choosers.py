"""What editors look up while they write: places, sources, measures. Found by words, never typed again."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenView, CreateView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser

from portal.benefits.models import Measure
from portal.core.formatting import format_date, format_partial_date
from portal.core.keys import keys_in
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


class Fetched(BaseChooser):
    """A chooser's widget. A form that fetched what its rows have chosen says so in `fetched`, by id."""

    fetched: dict[str, Model] | None = None

    def get_instance(self, value: Any) -> Any:
        if self.fetched is not None and value is not None:
            return self.fetched.get(str(value))
        return super().get_instance(value)


class OrganisationWidget(Fetched):
    def get_display_title(self, instance: Organisation) -> str:
        return label_of(instance)


def label_of(organisation: Organisation) -> str:
    """Return an organisation's name with its code, and whether it is closed."""
    closed = f", closed {format_date(organisation.closed_on)}" if organisation.closed_on else ""
    return f"{organisation.name} ({organisation.code}{closed})"


class OrganisationFilter(BaseFilterForm):
    """Find by a present or former name or the code; `areas` in the address leaves trusts and networks out."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"placeholder": "Name, former name or code, as in QWE"}),
    )

    def filter(self, objects: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
        words = self.cleaned_data.get("q", "").replace("\0", "")
        if self.data.get("areas"):
            objects = objects.filter(kind__in=Organisation.AREAS)
        self.is_searching, self.search_query = bool(words), words
        return objects.named_like(words)  # type: ignore[attr-defined]


class OrganisationColumns:
    """What each organisation is, and whether it is still open."""

    @property
    def columns(self) -> list[Column]:
        what_it_is = Column("kind", label="What it is", accessor=lambda row: row.get_kind_display())
        open_or_not = Column("closed_on", label="Open", accessor=_open_or_closed)
        return [*super().columns, what_it_is, Column("code", label="Code"), open_or_not]  # type: ignore[misc]


def _open_or_closed(organisation: Organisation) -> str:
    return f"Closed {format_date(organisation.closed_on)}" if organisation.closed_on else "Open"


class ChooseOrganisation(OrganisationColumns, ChooseView):
    filter_form_class = OrganisationFilter


class ChooseOrganisationResults(OrganisationColumns, ChooseResultsView):
    filter_form_class = OrganisationFilter


class OrganisationChosen(ChosenView):
    def get_display_title(self, instance: Organisation) -> str:
        return label_of(instance)


class OrganisationChooser(ChooserViewSet):
    model = Organisation
    url_prefix = "choose/organisation"
    icon = "site"
    choose_one_text = "Choose an organisation"
    choose_another_text = "Choose another organisation"
    per_page = 15
    preserve_url_parameters = ("multiple", "areas")
    base_widget_class = OrganisationWidget
    choose_view_class = ChooseOrganisation
    choose_results_view_class = ChooseOrganisationResults
    chosen_view_class = OrganisationChosen


def chooser_of(
    model: type[Model],
    *,
    noun: str,
    icon: str,
    fields: Sequence[str],
    help_text: str,
    columns: Sequence[Column],
    bases: tuple[type, ...] = (),
    **more: Any,
) -> ChooserViewSet:
    """Return the chooser of a model, whose widget stands in for its select box in every editing form.

    `columns` tell rows of the same title apart.
    """
    filter_form = words_filter(fields, help_text)
    views = {
        name: type(
            f"{model.__name__}{base.__name__}",
            (*bases, base),
            {"filter_form_class": filter_form, "columns": property(lambda view: [view.title_column, *columns])},
        )
        for name, base in (("choose_view_class", ChooseView), ("choose_results_view_class", ChooseResultsView))
    }
    name = model.__name__.lower()
    kind = type(f"{model.__name__}Chooser", (ChooserViewSet,), {"base_widget_class": Fetched, **views, **more})
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


class AddsSources:
    """A form in a form: its fields have names and ids of their own."""

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_creation_form_kwargs(), "prefix": "source"}  # type: ignore[misc]


class AddSource(AddsSources, CreateView):
    pass


ORGANISATIONS = OrganisationChooser("choose_organisation")
EVIDENCE = chooser_of(
    Evidence,
    noun="a source",
    icon="doc-full",
    fields=("title", "publisher", "doi", "url"),
    help_text="Title, DOI or address",
    columns=[
        Column("publisher", label="Publisher"),
        Column("published", label="Published", accessor=lambda row: format_partial_date(row.published)),
    ],
    bases=(AddsSources,),
    create_view_class=AddSource,
    creation_form_class="portal.editing.forms.NewSourceForm",
    creation_tab_label="Not found: add it",
    create_action_label="Add this source and choose it",
)
MEASURES = chooser_of(
    Measure,
    noun="a measure",
    icon="order",
    fields=("name", "definition", "unit"),
    help_text="What is counted",
    columns=[Column("unit", label="Unit")],
)
CHOOSERS = (ORGANISATIONS, EVIDENCE, MEASURES)


OrganisationChooserWidget: Any = ORGANISATIONS.widget_class


class AddOrganisation(OrganisationChooserWidget):
    """The button that finds one more."""

    choose_one_text = "Add an organisation"
    show_clear_link = False

    def __init__(self, *, only_areas: bool) -> None:
        super().__init__()
        self.only_areas = only_areas

    def get_chooser_modal_url(self) -> str:
        return f"{super().get_chooser_modal_url()}{'?areas=1' if self.only_areas else ''}"


class ManyOrganisations(forms.CheckboxSelectMultiple):
    """Those that are chosen, each with a box to take it away, and a button that finds more.

    The list is as long as what was chosen, not as all there are: `editing.js` adds to it what the
    chooser returns, and without it what the chooser holds counts when the form is sent.
    """

    template_name = "editing/many_organisations.html"

    def __init__(self, *, only_areas: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.adding = AddOrganisation(only_areas=only_areas)

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> list[Any]:
        """Fetch the chosen ones alone, in the order of their names."""
        chosen = Organisation.objects.filter(pk__in=keys_in(value))
        rows = enumerate(chosen)
        return [
            (None, [self.create_option(name, row.pk, label_of(row), True, number, attrs=attrs)], number)
            for number, row in rows
        ]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["adding"] = self.adding.render(f"{name}-add", None, {"id": f"id_{name}-add"})
        return context

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        return render_to_string(template_name, context)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        chosen = [*data.getlist(name), data.get(f"{name}-add", "")]
        return [value for value in chosen if value]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    @property
    def media(self) -> forms.Media:
        return forms.Media() + self.adding.media

"""The editing screens of innovations."""

from django.forms import CheckboxSelectMultiple
from wagtail.snippets.models import register_snippet

from innovations.models import Innovation
from portal.editing.panels import field, row, tabs
from portal.editing.viewsets import EntryViewSet


class InnovationViewSet(EntryViewSet):
    model = Innovation
    url_prefix = "innovations"
    icon = "pick"
    menu_order = 100
    edit_handler = tabs(
        what_it_is=[
            field("kinds", widget=CheckboxSelectMultiple),
            field("programmes", widget=CheckboxSelectMultiple),
            field("supplier_or_lead"),
            field("how_it_works"),
            field("eligibility"),
        ],
        needs=[
            row("cost_band", "ease_of_adoption"),
            field("cost_drivers"),
            row("nice_status", "nice_reference"),
        ],
    )


register_snippet(InnovationViewSet)

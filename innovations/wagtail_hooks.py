"""The editing screens of innovations."""

from django.forms import CheckboxSelectMultiple
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.snippets.models import register_snippet

from innovations.models import Innovation
from portal.editing.panels import tabs
from portal.editing.viewsets import EntryViewSet


class InnovationViewSet(EntryViewSet):
    model = Innovation
    url_prefix = "innovations"
    icon = "pick"
    menu_order = 100
    edit_handler = tabs(
        what_it_is=[
            FieldPanel("kinds", widget=CheckboxSelectMultiple),
            FieldPanel("programmes", widget=CheckboxSelectMultiple),
            FieldPanel("supplier_or_lead"),
            FieldPanel("how_it_works"),
            FieldPanel("eligibility"),
        ],
        needs=[
            FieldRowPanel([FieldPanel("cost_band"), FieldPanel("ease_of_adoption")]),
            FieldPanel("cost_drivers"),
            FieldRowPanel([FieldPanel("nice_status"), FieldPanel("nice_reference")]),
        ],
    )


register_snippet(InnovationViewSet)

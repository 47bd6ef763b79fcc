"""The editing screens of case studies."""

from django.forms import CheckboxSelectMultiple
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.snippets.models import register_snippet

from casestudies.models import CaseStudy
from portal.editing.panels import tabs
from portal.editing.viewsets import EntryViewSet

PARTICIPANT = [FieldPanel("organisation"), FieldRowPanel([FieldPanel("name"), FieldPanel("role")])]
LEARNING_POINT = [FieldRowPanel([FieldPanel("kind"), FieldPanel("barrier_kind")]), FieldPanel("text")]


class CaseStudyViewSet(EntryViewSet):
    model = CaseStudy
    url_prefix = "case-studies"
    icon = "group"
    menu_order = 110
    edit_handler = tabs(
        what_it_is=[
            FieldRowPanel([FieldPanel("system"), FieldPanel("period")]),
            FieldRowPanel([FieldPanel("status"), FieldPanel("status_note")]),
            FieldPanel("approach"),
            FieldPanel("outcomes"),
            FieldRowPanel([FieldPanel("agreement"), FieldPanel("bank_model")]),
            FieldPanel("innovations_used", widget=CheckboxSelectMultiple),
            InlinePanel("participants", PARTICIPANT, label="Participant", heading="Who took part"),
        ],
        needs=[
            FieldPanel("lessons_reading"),
            InlinePanel(
                "learning_points", LEARNING_POINT, label="Point", heading="What helped, hindered and was learned"
            ),
        ],
    )


register_snippet(CaseStudyViewSet)

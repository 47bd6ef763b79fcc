"""The editing screens of case studies."""

from django.forms import CheckboxSelectMultiple
from wagtail.admin.panels import FieldRowPanel, InlinePanel
from wagtail.snippets.models import register_snippet

from casestudies.models import CaseStudy
from portal.editing.panels import field, row, tabs
from portal.editing.viewsets import EntryViewSet

PARTICIPANT = [
    field("organisation", help_text="If it has a code. Otherwise its name is enough."),
    FieldRowPanel(
        [
            field("name", help_text="As the source names it."),
            field("role", help_text="As in: host, employer, training provider."),
        ]
    ),
]
LEARNING_POINT = [
    FieldRowPanel([field("kind"), field("barrier_kind", help_text="Of a barrier alone.")]),
    field("text", help_text="One sentence, as in: one payroll for all saved each trust a step."),
]


class CaseStudyViewSet(EntryViewSet):
    model = CaseStudy
    url_prefix = "case-studies"
    icon = "group"
    menu_order = 110
    edit_handler = tabs(
        what_it_is=[
            row("system", "period"),
            row("status", "status_note"),
            field("approach"),
            field("outcomes"),
            row("agreement", "bank_model"),
            field("innovations_used", widget=CheckboxSelectMultiple),
            InlinePanel("participants", PARTICIPANT, label="Participant", heading="Who took part"),
        ],
        needs=[
            field("lessons_reading"),
            InlinePanel(
                "learning_points", LEARNING_POINT, label="Point", heading="What helped, hindered and was learned"
            ),
        ],
    )


register_snippet(CaseStudyViewSet)

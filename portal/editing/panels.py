"""The tabs of an entry's form, and what both kinds have in common in them."""

from collections.abc import Sequence
from typing import Any

from django.forms import CheckboxSelectMultiple
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.widgets.slug import SlugInput

from portal.catalogue.strength import told_strength_of
from portal.editing.choosers import ManyOrganisations
from portal.editing.forms import EntryForm

MANY = CheckboxSelectMultiple


class StrengthPanel(Panel):
    """What the rule makes of the evidence, where it is written down: of the draft as last saved."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "editing/strength_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and not self.form.is_bound

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"strength": told_strength_of(self.instance)}


FIGURE = [
    FieldPanel("label", help_text="As in: staff hours released by not repeating assessments."),
    FieldPanel("measure"),
    FieldRowPanel([FieldPanel("value"), FieldPanel("low"), FieldPanel("high"), FieldPanel("qualifier")]),
    FieldRowPanel([FieldPanel("counted"), FieldPanel("per")]),
    FieldRowPanel([FieldPanel("role"), FieldPanel("basis"), FieldPanel("achievement"), FieldPanel("change")]),
    FieldRowPanel([FieldPanel("period_kind"), FieldPanel("period_start"), FieldPanel("period_end")]),
    FieldPanel("period_note"),
    FieldPanel("place"),
    FieldRowPanel([FieldPanel("place_not_stated"), FieldPanel("place_note")]),
    FieldPanel("evidence"),
    FieldPanel("locator"),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("gross_or_net"), FieldPanel("horizon"), FieldPanel("cash_releasing")]),
            FieldRowPanel([FieldPanel("monetised"), FieldPanel("price_year"), FieldPanel("attribution_share")]),
            FieldRowPanel([FieldPanel("population"), FieldPanel("population_size"), FieldPanel("staff_group")]),
            FieldPanel("method"),
            FieldPanel("overlap_group"),
            FieldPanel("note"),
        ],
        heading="More about this figure",
        classname="collapsed",
    ),
]
SOURCE = [FieldPanel("evidence"), FieldPanel("finding"), FieldPanel("locator")]
FIGURES_HELP = (
    "Each figure is one value of one measure, for one place and period, from one source. “Not stated” is an answer: "
    "choose it where the source is silent. Such a figure is shown, and stays out of totals. "
    "Needed to publish: a source, a period, a place and a basis for each figure."
)


TITLE = TitleFieldPanel(
    "title",
    classname="",
    placeholder=False,
    required_on_save=True,
    help_text="As people would say it: Sleepio, or Shared bank in the North West.",
)
ADDRESS = FieldPanel("slug", heading="Address", widget=SlugInput, help_text="The last part of its address.")
SUMMARY = FieldPanel(
    "summary", help_text="Needed to publish. Two or three plain sentences: what it is and what it changes."
)
FAMILY_HELP = (
    "One word for innovations whose benefits may be the same hours, as in: repeat-prescriptions. "
    "The ledger then counts them once."
)
WHERE_IT_BELONGS = [
    FieldPanel("themes", widget=MANY, help_text="Needed to publish: at least one."),
    FieldPanel("plan_strands", widget=MANY),
    FieldPanel("care_settings", widget=MANY),
    FieldPanel("staff_groups", widget=MANY),
    FieldPanel("workforce_challenges", widget=MANY),
    FieldPanel("scope"),
    FieldPanel("lead_organisations", widget=ManyOrganisations()),
    FieldPanel("places", widget=ManyOrganisations(only_areas=True)),
    FieldPanel("family", help_text=FAMILY_HELP),
    FieldPanel("policy_answered"),
]
FIGURES = [HelpPanel(f"<p>{FIGURES_HELP}</p>"), InlinePanel("figures", FIGURE, label="Figure", heading="Figures")]
EVIDENCE = [
    StrengthPanel(),
    InlinePanel("evidence_links", SOURCE, label="Source", heading="Evidence and other sources"),
    InlinePanel(
        "claims",
        [FieldPanel("statement"), FieldPanel("said_by")],
        label="Claim",
        heading="Claims without a source",
        help_text="Shown as “claim, no source given”, and never a figure.",
    ),
]
REVIEWS = [
    FieldPanel("what_it_needs"),
    FieldPanel("where_it_may_not_work", help_text="Needed to publish. Say so if no source tells."),
    FieldPanel("caveats"),
    FieldPanel("contact_role"),
    FieldRowPanel([FieldPanel("last_reviewed_on"), FieldPanel("next_review_on")]),
    FieldRowPanel(
        [
            FieldPanel("go_live_at", heading="Publish from", help_text="Empty: as soon as it is approved."),
            FieldPanel("expire_at", heading="Withdraw on", help_text="Empty: it stays."),
        ]
    ),
]


def tabs(*, what_it_is: Sequence[Any], needs: Sequence[Any]) -> TabbedInterface:
    """Return the form of a kind of entry, with its own fields in the first and the last tab."""
    names = InlinePanel("other_names", [FieldPanel("name")], label="Other name")
    of_every_kind = [TITLE, ADDRESS, FieldPanel("owner_network"), SUMMARY, FieldPanel("challenge")]
    panels_by_tab = {
        "What it is": [*of_every_kind, *what_it_is, names],
        "Where it belongs": WHERE_IT_BELONGS,
        "Figures": FIGURES,
        "Evidence": EVIDENCE,
        "What it needs, and reviews": [*needs, *REVIEWS],
    }
    return TabbedInterface(
        [ObjectList(panels, heading=heading) for heading, panels in panels_by_tab.items()], base_form_class=EntryForm
    )

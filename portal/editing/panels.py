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


HELP = {
    "label": "As in: staff hours released by not repeating assessments.",
    "measure": "Find it by what is counted: hours, pounds, people.",
    "value": "The number alone, as in 41000 or 1.5.",
    "low": "Of a range in the source: its lower end.",
    "high": "Its upper end.",
    "qualifier": "As the source says it. “Up to” stays out of totals.",
    "role": "Only benefits are added up.",
    "basis": "Observed: counted. Modelled: from assumptions. Never added together.",
    "achievement": "Achieved: it happened. Potential: it could.",
    "period_kind": "During: from start to end. Cumulative: all up to the end. As at: one day.",
    "period_start": "As in 2024-04-01.",
    "period_end": "As in 2025-03-31.",
    "evidence": "Find it by title, DOI or address before you add it.",
    "gross_or_net": "Net: its costs taken off. Empty: not stated.",
    "horizon": "In-year: within one year. Empty: not stated.",
    "cash_releasing": "Money that can be spent elsewhere. Empty: unknown.",
    "price_year": "Of money, as in 2024.",
    "population": "Whom it counts, as in: nurses on 12 wards.",
    "population_size": "How many they are, as in 420.",
    "staff_group": "As in: registered nurses.",
    "method": "How the source worked it out, in a sentence.",
    "overlap_group": "One word for figures that may hold the same benefit, as in: sleepio-buckinghamshire.",
    "note": "What a reader needs to know and no other field says.",
    "plan_strands": "Tick what it serves.",
    "care_settings": "Tick where it is used.",
    "staff_groups": "Tick whom it helps or asks for work.",
    "workforce_challenges": "Tick what it answers.",
    "lead_organisations": "Who leads it, found by name, former name or code.",
    "policy_answered": "As in: NHS Long Term Workforce Plan, chapter 4.",
    "statement": "As it was said.",
    "said_by": "A role or an organisation, as in: a programme lead.",
    "what_it_needs": "What a reader has to bring, as in: staff time, a licence, an agreement between employers.",
    "contact_role": "A role, not a person, as in: programme manager for insomnia.",
    "last_reviewed_on": "The day on which it was last checked against its sources.",
    "next_review_on": "Your editors are reminded. After this day readers are told that a review is overdue.",
    "kinds": "Tick all that fit.",
    "programmes": "Tick those that carried it.",
    "supplier_or_lead": "Who makes or leads it, as in: Big Health, led by an AHSN.",
    "how_it_works": "In plain sentences: who does what, with what.",
    "eligibility": "Who can be offered it, as in: adults with insomnia.",
    "cost_drivers": "As in: £45 a person, and two days of training.",
    "nice_status": "Empty: NICE has not looked at it.",
    "nice_reference": "As in MTG70.",
    "system": "As in: Greater Manchester.",
    "approach": "What was done, in plain sentences.",
    "outcomes": "What came of it, in words; numbers belong to the figures.",
    "agreement": "Empty: not stated.",
    "bank_model": "Empty: not stated, or no bank.",
    "innovations_used": "Tick those of the catalogue that it uses.",
    "lessons_reading": "Whose words they are. Empty: not stated.",
}
"""What each field wants, for somebody who sees the form for the first time; other fields say it in their model."""


def field(name: str, **more: Any) -> FieldPanel:
    """Return the panel of a field with its help."""
    return FieldPanel(name, **({"help_text": HELP[name]} if name in HELP else {}) | more)


def row(*names: str) -> FieldRowPanel:
    return FieldRowPanel([field(name) for name in names])


FIGURE = [
    field("label"),
    field("measure"),
    row("value", "low", "high", "qualifier"),
    row("counted", "per"),
    row("role", "basis", "achievement", "change"),
    row("period_kind", "period_start", "period_end"),
    field("period_note"),
    field("place"),
    row("place_not_stated", "place_note"),
    field("evidence"),
    field("locator"),
    MultiFieldPanel(
        [
            row("gross_or_net", "horizon", "cash_releasing"),
            row("monetised", "price_year", "attribution_share"),
            row("population", "population_size", "staff_group"),
            field("method"),
            field("overlap_group"),
            field("note"),
        ],
        heading="More about this figure",
    ),
]
SOURCE = [field("evidence"), field("finding"), field("locator")]
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
    field("plan_strands", widget=MANY),
    field("care_settings", widget=MANY),
    field("staff_groups", widget=MANY),
    field("workforce_challenges", widget=MANY),
    field("scope"),
    field("lead_organisations", widget=ManyOrganisations()),
    field("places", widget=ManyOrganisations(only_areas=True)),
    FieldPanel("family", help_text=FAMILY_HELP),
    field("policy_answered"),
]
FIGURES = [HelpPanel(f"<p>{FIGURES_HELP}</p>"), InlinePanel("figures", FIGURE, label="Figure", heading="Figures")]
EVIDENCE = [
    StrengthPanel(),
    InlinePanel("evidence_links", SOURCE, label="Source", heading="Evidence and other sources"),
    InlinePanel(
        "claims",
        [field("statement"), field("said_by")],
        label="Claim",
        heading="Claims without a source",
        help_text="Shown as “claim, no source given”, and never a figure.",
    ),
]
REVIEWS = [
    field("what_it_needs"),
    FieldPanel("where_it_may_not_work", help_text="Needed to publish. Say so if no source tells."),
    field("caveats"),
    field("contact_role"),
    row("last_reviewed_on", "next_review_on"),
    FieldRowPanel(
        [
            FieldPanel("go_live_at", heading="Publish from", help_text="Empty: as soon as it is approved."),
            FieldPanel("expire_at", heading="Withdraw on", help_text="Empty: it stays."),
        ]
    ),
]


def tabs(*, what_it_is: Sequence[Any], needs: Sequence[Any]) -> TabbedInterface:
    """Return the form of a kind of entry, with its own fields in the first and the last tab."""
    names = InlinePanel(
        "other_names",
        [FieldPanel("name")],
        label="Other name",
        heading="Other names",
        help_text="Abbreviations and other words people look for it by, as in: eRD.",
    )
    of_every_kind = [TITLE, ADDRESS, field("owner_network"), SUMMARY, field("challenge")]
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

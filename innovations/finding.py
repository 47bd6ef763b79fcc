"""What innovations add to finding entries: their own texts and kinds."""

from innovations.models import InnovationKind
from portal.catalogue.finding.documents import add_field
from portal.catalogue.finding.facets import add_facet, tags, values_at


def help_finding() -> None:
    add_field("Supplier or lead", "supplier_or_lead")
    add_field("How it works", "how_it_works")
    add_field("Who it is for", "eligibility")
    add_field("What drives the cost", "cost_drivers")
    add_facet("innovation_kind", values_at("innovation__kinds__slug"), tags(InnovationKind.objects))

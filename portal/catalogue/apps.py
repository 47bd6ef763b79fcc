from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "portal.catalogue"
    label = "catalogue"
    verbose_name = "Catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.signals import published, unpublished

        from portal.catalogue import models, services
        from portal.evidence.models import Evidence, RuleInForce
        from portal.organisations.models import Membership, Organisation, OrganisationName, Succession

        entry = models.Entry
        models.CatalogueVersion.moves_with(entry.themes.through, entry.plan_strands.through)
        models.CatalogueVersion.moves_with(models.Theme, models.PlanStrand, models.EntryEvidence, models.OtherName)
        models.CatalogueVersion.moves_with(Evidence, RuleInForce)
        models.CatalogueVersion.moves_with(Organisation, OrganisationName, Membership, Succession)
        published.connect(services.record_publication, dispatch_uid="trail-published")
        unpublished.connect(services.record_withdrawal, dispatch_uid="trail-withdrawn")

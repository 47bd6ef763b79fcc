from django.apps import AppConfig


class AdoptionConfig(AppConfig):
    name = "portal.adoption"
    label = "adoption"
    verbose_name = "Adoption"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.adoption import models
        from portal.adoption.finding import help_finding
        from portal.adoption.panels import add_panels
        from portal.adoption.personal import hold_personal
        from portal.adoption.uptake import uptake_of_entries
        from portal.catalogue.models import CatalogueVersion
        from portal.catalogue.uptake import tell_uptake_by
        from portal.organisations.models import MapTile

        CatalogueVersion.moves_with(models.AdoptionRecord, models.CoverageClaim, models.ConfirmationPeriod, MapTile)
        add_panels()
        hold_personal()
        tell_uptake_by(uptake_of_entries)
        help_finding()

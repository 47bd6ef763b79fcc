from django.apps import AppConfig


class AdoptionConfig(AppConfig):
    name = "portal.adoption"
    label = "adoption"
    verbose_name = "Adoption"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.adoption.models import AdoptionRecord, CoverageClaim
        from portal.catalogue.models import CatalogueVersion

        CatalogueVersion.moves_with(AdoptionRecord, CoverageClaim)

from django.apps import AppConfig


class InnovationsConfig(AppConfig):
    name = "innovations"
    label = "innovations"
    verbose_name = "Innovations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from innovations.models import Innovation
        from portal.catalogue.models import CatalogueVersion

        CatalogueVersion.moves_with(Innovation)

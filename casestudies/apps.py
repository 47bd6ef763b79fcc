from django.apps import AppConfig


class CaseStudiesConfig(AppConfig):
    name = "casestudies"
    label = "casestudies"
    verbose_name = "Case studies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from casestudies.models import CaseStudy
        from portal.catalogue.models import CatalogueVersion

        CatalogueVersion.moves_with(CaseStudy)

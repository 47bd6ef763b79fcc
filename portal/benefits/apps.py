from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "portal.benefits"
    label = "benefits"
    verbose_name = "Benefits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.benefits import models
        from portal.benefits.finding import help_finding
        from portal.benefits.panels import add_panels
        from portal.benefits.scaling.views import for_us_panel
        from portal.benefits.telling import tell_of_figures
        from portal.catalogue.models import CatalogueVersion, Entry
        from portal.core.panels import add_panel

        CatalogueVersion.moves_with(
            models.BenefitFigure, models.Measure, models.NetworkClaim, models.Deflator, models.WorkingTime
        )
        add_panels()
        help_finding()
        add_panel(Entry, for_us_panel)
        tell_of_figures()

from django.apps import AppConfig


class InnovationsConfig(AppConfig):
    name = "innovations"
    label = "innovations"
    verbose_name = "Innovations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from innovations.comparing import help_comparing
        from innovations.filters import InnovationFilters
        from innovations.finding import help_finding
        from innovations.models import Innovation, InnovationKind, Programme
        from innovations.stored import INNOVATIONS
        from innovations.views import show_draft
        from portal.catalogue.lists import offer_list
        from portal.catalogue.models import CatalogueVersion
        from portal.catalogue.previews import show_drafts_with
        from portal.catalogue.stored_pages import store_kind

        CatalogueVersion.moves_with(Innovation, Innovation.kinds.through, Innovation.programmes.through)
        CatalogueVersion.moves_with(InnovationKind, Programme)
        help_finding()
        offer_list("/innovations/", InnovationFilters)
        help_comparing()
        show_drafts_with(Innovation, show_draft)
        store_kind(INNOVATIONS)

from django.apps import AppConfig


class CaseStudiesConfig(AppConfig):
    name = "casestudies"
    label = "casestudies"
    verbose_name = "Case studies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from casestudies.comparing import help_comparing
        from casestudies.filters import CaseStudyFilters
        from casestudies.finding import help_finding
        from casestudies.models import CaseStudy, LearningPoint, Participant
        from casestudies.stored import CASE_STUDIES
        from casestudies.views import show_draft
        from portal.catalogue.lists import offer_list
        from portal.catalogue.models import CatalogueVersion
        from portal.catalogue.previews import show_drafts_with
        from portal.catalogue.stored_pages import store_kind

        CatalogueVersion.moves_with(CaseStudy, CaseStudy.innovations_used.through, Participant, LearningPoint)
        help_finding()
        offer_list("/case-studies/", CaseStudyFilters)
        help_comparing()
        show_drafts_with(CaseStudy, show_draft)
        store_kind(CASE_STUDIES)

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "portal.catalogue"
    label = "catalogue"
    verbose_name = "Catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.signals import published, unpublished

        from portal.catalogue import models, services
        from portal.catalogue.by_place import catalogue_of_board
        from portal.catalogue.cards import make_cards
        from portal.catalogue.filters import CatalogueFilters
        from portal.catalogue.finding import documents
        from portal.catalogue.finding.own_facets import add_own_facets
        from portal.catalogue.lists import offer_list
        from portal.catalogue.personal import hold_personal
        from portal.catalogue.stored import store_with
        from portal.catalogue.stored_pages import make_pages
        from portal.core.panels import add_panel
        from portal.evidence.models import Evidence, RuleInForce
        from portal.organisations.models import Membership, Organisation, OrganisationCode, OrganisationName, Succession

        hold_personal()
        offer_list("/catalogue/", CatalogueFilters)
        entry = models.Entry
        lists = (entry.themes, entry.plan_strands, entry.care_settings, entry.staff_groups)
        models.CatalogueVersion.moves_with(*(one.through for one in lists))
        models.CatalogueVersion.moves_with(entry.workforce_challenges.through, entry.lead_organisations.through)
        models.CatalogueVersion.moves_with(entry.places.through)
        models.CatalogueVersion.moves_with(models.Theme, models.PlanStrand, models.CareSetting, models.StaffGroup)
        models.CatalogueVersion.moves_with(models.WorkforceChallenge, models.EntryEvidence, models.OtherName)
        models.CatalogueVersion.moves_with(models.Claim, RuleInForce)
        models.CatalogueVersion.moves_with(models.Synonyms, entries=lambda words: [])
        models.CatalogueVersion.moves_with(Evidence, entries=documents.entries_citing)
        models.CatalogueVersion.moves_with(Organisation, OrganisationCode, OrganisationName, Membership, Succession)
        add_own_facets()
        store_with(models.StoredCard, make_cards)
        store_with(models.StoredPage, make_pages)
        add_panel(Organisation, catalogue_of_board)
        documents.add_texts_of_entry()
        documents.follow(Evidence, documents.entries_citing)
        published.connect(services.record_publication, dispatch_uid="trail-published")
        unpublished.connect(services.record_withdrawal, dispatch_uid="trail-withdrawn")

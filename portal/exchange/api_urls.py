"""The API's addresses. What a read answers depends on nothing but the catalogue, the day and the address."""

from typing import Any

from django.urls import path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularYAMLAPIView

from casestudies.api import CaseStudyList, CaseStudyOne
from innovations.api import InnovationList, InnovationOne
from portal.adoption.api import CoverageList, CoverageOne
from portal.benefits.api import FigureList, MeasureList, MeasureOne, TotalList, TotalOne
from portal.core.public_pages import public_page
from portal.evidence.api import EvidenceList, EvidenceOne
from portal.exchange.api import CatalogueList, Nothing
from portal.exchange.bulk.api import DataFileList
from portal.exchange.drafts.api import (
    CaseStudyDraftOne,
    CaseStudyDraftSubmit,
    DraftList,
    InnovationDraftOne,
    InnovationDraftSubmit,
)
from portal.exchange.records_api import AdoptionEventOne, AdoptionEvents, Sources
from portal.organisations.api import OrganisationList, OrganisationOne

READS: list[tuple[str, Any, str]] = [
    ("entries/", CatalogueList, "entries"),
    ("innovations/", InnovationList, "innovations"),
    ("innovations/<slug:slug>/", InnovationOne, "innovation"),
    ("case-studies/", CaseStudyList, "case_studies"),
    ("case-studies/<slug:slug>/", CaseStudyOne, "case_study"),
    ("evidence/", EvidenceList, "evidence"),
    ("evidence/<slug:key>/", EvidenceOne, "evidence_one"),
    ("measures/", MeasureList, "measures"),
    ("measures/<slug:key>/", MeasureOne, "measure"),
    ("figures/", FigureList, "figures"),
    ("totals/", TotalList, "totals"),
    ("totals/<slug:key>/", TotalOne, "total"),
    ("adoption/", AdoptionEvents, "adoption"),
    ("coverage/", CoverageList, "coverage"),
    ("coverage/<slug:slug>/", CoverageOne, "coverage_one"),
    ("organisations/", OrganisationList, "organisations"),
    ("organisations/<slug:code>/", OrganisationOne, "organisation"),
    ("files/", DataFileList, "files"),
]
BY_KEY: list[tuple[str, Any, str]] = [
    ("drafts/", DraftList, "drafts"),
    ("drafts/innovations/<slug:slug>/", InnovationDraftOne, "innovation_draft"),
    ("drafts/innovations/<slug:slug>/submit/", InnovationDraftSubmit, "innovation_draft_submit"),
    ("drafts/case-studies/<slug:slug>/", CaseStudyDraftOne, "case_study_draft"),
    ("drafts/case-studies/<slug:slug>/submit/", CaseStudyDraftSubmit, "case_study_draft_submit"),
    ("sources/", Sources, "sources"),
    ("adoption/<uuid:id>/", AdoptionEventOne, "adoption_event"),
]
app_name = "api"
urlpatterns = [
    *(path(route, public_page(view.as_view()), name=name) for route, view, name in READS),
    *(path(route, view.as_view(), name=name) for route, view, name in BY_KEY),
    path("openapi.yaml", public_page(SpectacularYAMLAPIView.as_view()), name="description"),
    path("", RedirectView.as_view(pattern_name="api_page")),
    re_path(".*", Nothing.as_view()),
]

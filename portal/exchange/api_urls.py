"""The API's addresses. Each answer depends on nothing but the catalogue, the day and the address."""

from typing import Any

from django.urls import path, re_path
from drf_spectacular.views import SpectacularYAMLAPIView

from casestudies.api import CaseStudyList, CaseStudyOne
from innovations.api import InnovationList, InnovationOne
from portal.adoption.api import AdoptionList, CoverageList, CoverageOne
from portal.benefits.api import FigureList, MeasureList, MeasureOne, TotalList, TotalOne
from portal.core.public_pages import public_page
from portal.evidence.api import EvidenceList, EvidenceOne
from portal.exchange.api import CatalogueList, Nothing
from portal.organisations.api import OrganisationList, OrganisationOne


def _at(route: str, view: Any, name: str) -> Any:
    return path(route, public_page(view.as_view()), name=name)


app_name = "api"
urlpatterns = [
    _at("entries/", CatalogueList, "entries"),
    _at("innovations/", InnovationList, "innovations"),
    _at("innovations/<slug:slug>/", InnovationOne, "innovation"),
    _at("case-studies/", CaseStudyList, "case_studies"),
    _at("case-studies/<slug:slug>/", CaseStudyOne, "case_study"),
    _at("evidence/", EvidenceList, "evidence"),
    _at("evidence/<slug:key>/", EvidenceOne, "evidence_one"),
    _at("measures/", MeasureList, "measures"),
    _at("measures/<slug:key>/", MeasureOne, "measure"),
    _at("figures/", FigureList, "figures"),
    _at("totals/", TotalList, "totals"),
    _at("totals/<slug:key>/", TotalOne, "total"),
    _at("adoption/", AdoptionList, "adoption"),
    _at("coverage/", CoverageList, "coverage"),
    _at("coverage/<slug:slug>/", CoverageOne, "coverage_one"),
    _at("organisations/", OrganisationList, "organisations"),
    _at("organisations/<slug:code>/", OrganisationOne, "organisation"),
    _at("openapi.yaml", SpectacularYAMLAPIView, "description"),
    re_path("", Nothing.as_view()),
]

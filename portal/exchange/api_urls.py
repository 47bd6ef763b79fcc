"""The API's addresses. Each answer depends on nothing but the catalogue, the day and the address."""

from inspect import getdoc
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
from portal.exchange.bulk.api import DataFileList
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
    ("adoption/", AdoptionList, "adoption"),
    ("coverage/", CoverageList, "coverage"),
    ("coverage/<slug:slug>/", CoverageOne, "coverage_one"),
    ("organisations/", OrganisationList, "organisations"),
    ("organisations/<slug:code>/", OrganisationOne, "organisation"),
    ("files/", DataFileList, "files"),
]
ADDRESSES = [(route.replace("<slug:", "{").replace(">", "}"), getdoc(view) or "") for route, view, _ in READS]
"""What there is, as its description writes it, and what each view says of itself."""

app_name = "api"
urlpatterns = [
    *(path(route, public_page(view.as_view()), name=name) for route, view, name in READS),
    path("openapi.yaml", public_page(SpectacularYAMLAPIView.as_view()), name="description"),
    re_path("", Nothing.as_view()),
]

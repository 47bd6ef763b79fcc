"""Every address of the portal."""

from django.urls import include, path, re_path

from casestudies.views import show_case_studies_file
from innovations.views import show_innovations_file
from portal.catalogue.urls import FILE
from portal.editing.source_views import hand_out_attachment
from portal.exchange.views import show_api

handler400 = "portal.core.views.not_understood"
handler500 = "portal.core.views.failed"

urlpatterns = [
    path("", include("portal.catalogue.urls")),
    path("", include("portal.core.urls")),
    path("", include("portal.benefits.urls")),
    path("adoption/", include("portal.adoption.urls")),
    re_path(rf"^innovations{FILE}", show_innovations_file, name="innovations_file"),
    re_path(rf"^case-studies{FILE}", show_case_studies_file, name="case_studies_file"),
    path("innovations/", include("innovations.urls")),
    path("case-studies/", include("casestudies.urls")),
    path("evidence/", include("portal.evidence.urls")),
    path("organisations/", include("portal.organisations.urls")),
    path("api/", show_api, name="api_page"),
    path("api/v1/packs/", include("portal.briefings.api_urls")),
    path("api/v1/", include("portal.exchange.api_urls")),
    path("", include("portal.exchange.sitemaps")),
    path("data/", include("portal.exchange.data_urls")),
    path("packs/", include("portal.briefings.urls")),
    path("account/", include("portal.accounts.urls")),
    path("editing/", include("portal.editing.urls")),
    path("attachments/<str:token>/", hand_out_attachment, name="attachment"),
]

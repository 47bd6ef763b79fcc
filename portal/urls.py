"""Every address of the portal."""

from django.urls import include, path

from portal.editing.views import stop_digest

urlpatterns = [
    path("", include("portal.catalogue.urls")),
    path("", include("portal.core.urls")),
    path("", include("portal.benefits.urls")),
    path("adoption/", include("portal.adoption.urls")),
    path("innovations/", include("innovations.urls")),
    path("case-studies/", include("casestudies.urls")),
    path("evidence/", include("portal.evidence.urls")),
    path("organisations/", include("portal.organisations.urls")),
    path("packs/", include("portal.briefings.urls")),
    path("editing/", include("portal.editing.urls")),
    path("weekly-e-mail/<str:token>/", stop_digest, name="stop_digest"),
]

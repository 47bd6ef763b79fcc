from django.urls import path, re_path

from portal.catalogue import views
from portal.evidence.views import show_strength_rule

FILE = r"\.(?P<ending>csv|json|atom|feed\.json)$"
"""A list's address with an ending: the same question, answered with a file."""

app_name = "catalogue"
urlpatterns = [
    path("", views.show_home, name="home"),
    path("catalogue/suggestions/", views.suggest, name="suggestions"),
    re_path(rf"^catalogue{FILE}", views.show_catalogue_file, name="file"),
    path("catalogue/", views.show_catalogue, name="list"),
    path("compare/", views.show_comparison, name="compare"),
    path("places/", views.show_places, name="places"),
    path("about/evidence-strength/", show_strength_rule, name="evidence_strength"),
    path("themes/<slug:slug>/", views.show_theme, name="theme"),
]

from django.urls import path

from portal.catalogue import views
from portal.evidence.views import show_strength_rule

app_name = "catalogue"
urlpatterns = [
    path("", views.show_home, name="home"),
    path("catalogue/", views.show_catalogue, name="list"),
    path("about/evidence-strength/", show_strength_rule, name="evidence_strength"),
    path("themes/<slug:slug>/", views.show_theme, name="theme"),
]

from django.urls import path

from portal.benefits import views
from portal.benefits.scaling.views import show_for_us

app_name = "benefits"
urlpatterns = [
    path("about/how-figures-work/", views.show_how_figures_work, name="how_figures_work"),
    path("impact/", views.show_impact, name="impact"),
    path("impact/feed.atom", views.headline_feed, name="headline_feed"),
    path("impact/contradictions/", views.show_contradictions, name="contradictions"),
    path("impact/for-us/<slug:slug>/", show_for_us, name="for_us"),
    path("impact/<slug:key>/", views.show_measure_impact, name="measure_impact"),
    path("impact/<slug:key>.json", views.measure_impact_json, name="measure_impact_json"),
    path("impact/<slug:key>.csv", views.measure_impact_csv, name="measure_impact_csv"),
    path("impact/<slug:key>.xlsx", views.measure_impact_workbook, name="measure_impact_workbook"),
    path("measures/", views.show_measures, name="measures"),
    path("measures/<slug:key>/", views.show_measure, name="measure"),
]

from django.urls import path

from casestudies import views

app_name = "casestudies"
urlpatterns = [
    path("", views.show_case_studies, name="list"),
    path("<slug:slug>/", views.show_case_study, name="detail"),
    path("<slug:slug>/brief.pdf", views.show_brief, name="brief"),
    path("<slug:slug>/changes/", views.show_changes, name="changes"),
    path("<slug:slug>/versions/<int:number>/", views.show_version, name="version"),
    path("<slug:slug>/versions/<int:number>/citation.<str:ending>", views.show_citation, name="citation"),
]

from django.urls import path

from innovations import views

app_name = "innovations"
urlpatterns = [
    path("", views.show_innovations, name="list"),
    path("<slug:slug>/", views.show_innovation, name="detail"),
    path("<slug:slug>/brief.pdf", views.show_brief, name="brief"),
    path("<slug:slug>/changes/", views.show_changes, name="changes"),
    path("<slug:slug>/versions/<int:number>/", views.show_version, name="version"),
    path("<slug:slug>/versions/<int:number>/citation.<str:ending>", views.show_citation, name="citation"),
]

from django.urls import path

from portal.organisations import views

app_name = "organisations"
urlpatterns = [
    path("", views.show_organisations, name="list"),
    path("<slug:code>/", views.show_organisation, name="detail"),
]

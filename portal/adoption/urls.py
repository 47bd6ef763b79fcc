from django.urls import path

from portal.adoption import views

app_name = "adoption"
urlpatterns = [
    path("", views.show_adoption, name="spreading"),
    path("<slug:slug>/", views.show_entry_adoption, name="entry"),
    path("<slug:slug>.json", views.entry_adoption_json, name="entry_json"),
]

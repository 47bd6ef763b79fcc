from django.urls import path

from portal.adoption import views
from portal.adoption.confirm_views import confirm

app_name = "adoption"
urlpatterns = [
    path("", views.show_adoption, name="spreading"),
    path("confirm/<str:token>/", confirm, name="confirm"),
    path("<slug:slug>/", views.show_entry_adoption, name="entry"),
    path("<slug:slug>.json", views.entry_adoption_json, name="entry_json"),
]

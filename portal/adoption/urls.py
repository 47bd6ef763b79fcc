from django.urls import path

from portal.adoption import views
from portal.adoption.confirm_views import confirm, forget_address

app_name = "adoption"
urlpatterns = [
    path("", views.show_adoption, name="spreading"),
    path("confirm/<str:token>/", confirm, name="confirm"),
    path("forget/<str:token>/", forget_address, name="forget"),
    path("<slug:slug>/", views.show_entry_adoption, name="entry"),
    path("<slug:slug>.json", views.entry_adoption_json, name="entry_json"),
]

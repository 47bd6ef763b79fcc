from django.urls import path

from portal.exchange import data_views

app_name = "data"
urlpatterns = [
    path("", data_views.show_data, name="page"),
    path("newest/<str:name>", data_views.lead_to_newest, name="newest"),
    path("<slug:release>/<str:name>", data_views.download, name="file"),
]

"""The API's addresses of packs. What they answer is nobody else's, so that none is a public page."""

from django.urls import path

from portal.briefings.api import PackFileOne, PackOne, Packs, StopPack

app_name = "packs_api"
urlpatterns = [
    path("", Packs.as_view(), name="packs"),
    path("<slug:token>/", PackOne.as_view(), name="pack"),
    path("<slug:token>/stop/", StopPack.as_view(), name="stop"),
    path("<slug:token>/files/<slug:kind>/", PackFileOne.as_view(), name="file"),
]

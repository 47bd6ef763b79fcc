"""The API's addresses of packs. What they answer is nobody else's, so that none is a public page."""

from django.urls import path

from portal.briefings.api import PackFileOne, PackOne, Packs, StopPack
from portal.briefings.sharing_api import PackIssues, PackLinks, RevokeLink

app_name = "packs_api"
urlpatterns = [
    path("", Packs.as_view(), name="packs"),
    path("<slug:token>/", PackOne.as_view(), name="pack"),
    path("<slug:token>/stop/", StopPack.as_view(), name="stop"),
    path("<slug:token>/issues/", PackIssues.as_view(), name="issues"),
    path("<slug:token>/links/", PackLinks.as_view(), name="links"),
    path("<slug:token>/links/<slug:id>/revoke/", RevokeLink.as_view(), name="revoke_link"),
    path("<slug:token>/files/<slug:kind>/", PackFileOne.as_view(), name="file"),
]

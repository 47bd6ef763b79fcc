"""Everything about one's own account: this project's pages, then django-allauth's."""

from django.urls import include, path
from wagtail.utils.urlpatterns import decorate_urlpatterns

from portal.accounts import views

own_urls = [
    path("", views.show_account, name="account"),
    path("sign-out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("details/", views.change_details, name="details"),
    path("export/", views.export_account, name="export"),
    path("erase/", views.erase_account, name="erase"),
    path("searches/keep/", views.keep_search, name="keep_search"),
    path("searches/<int:pk>/", views.change_search, name="change_search"),
    path("searches/<int:pk>/delete/", views.delete_search, name="delete_search"),
    path("stop-mail/<slug:name>/<str:token>/", views.stop_mail, name="stop_mail"),
    path("invitation/<str:token>/", views.show_invitation, name="invitation"),
]
urlpatterns = [
    path("", include((own_urls, "accounts"))),
    *decorate_urlpatterns([path("", include("allauth.urls"))], views.answered_here),
]

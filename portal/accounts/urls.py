"""Everything about one's own account: this project's pages, then django-allauth's."""

from django.urls import include, path
from django.views.decorators.cache import never_cache
from wagtail.utils.urlpatterns import decorate_urlpatterns

from portal.accounts import views

own_urls = [
    path("", views.show_account, name="account"),
    path("sign-out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("invitation/<str:token>/", views.show_invitation, name="invitation"),
]
urlpatterns = [
    path("", include((own_urls, "accounts"))),
    path("oidc/<slug:provider_id>/login/", views.leave_for_provider, name="leave_for_provider"),
    *decorate_urlpatterns([path("", include("allauth.urls"))], never_cache),
]

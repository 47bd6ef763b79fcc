from django.urls import path
from django.views.generic import RedirectView

from portal.core import views
from portal.core.security_txt import show_security_txt

app_name = "core"
urlpatterns = [
    path(".well-known/security.txt", show_security_txt, name="security_txt"),
    path("about/", views.show_about, name="about"),
    path("about/components/", views.show_components, name="components"),
    path("accessibility/", views.show_accessibility, name="accessibility"),
    path("about/privacy/", RedirectView.as_view(pattern_name="core:privacy", permanent=True)),
    path("privacy/", views.show_privacy, name="privacy"),
]

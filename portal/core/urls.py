from django.urls import path

from portal.core import views

app_name = "core"
urlpatterns = [
    path("about/", views.show_about, name="about"),
    path("about/components/", views.show_components, name="components"),
    path("accessibility/", views.show_accessibility, name="accessibility"),
    path("privacy/", views.show_privacy, name="privacy"),
]

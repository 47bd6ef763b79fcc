from django.urls import path

from portal.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("", views.show_home, name="home"),
    path("catalogue/", views.show_catalogue, name="list"),
    path("themes/<slug:slug>/", views.show_theme, name="theme"),
]

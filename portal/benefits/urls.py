from django.urls import path

from portal.benefits import views

app_name = "benefits"
urlpatterns = [path("about/how-figures-work/", views.show_how_figures_work, name="how_figures_work")]

from django.urls import path

from portal.evidence import views

app_name = "evidence"
urlpatterns = [path("", views.show_evidence_list, name="list")]

"""Addresses of imports, below /editing/imports/ and behind the editing site's door."""

from django.urls import path

from portal.exchange import import_views as views

app_name = "imports"
urlpatterns = [
    path("", views.show_imports, name="list"),
    path("upload/", views.upload, name="upload"),
    path("template.xlsx", views.template_file, name="template"),
    path("tables/<slug:table>/template.csv", views.template_table, name="template_table"),
    path("rows.xlsx", views.rows_file, name="rows"),
    path("tables/<slug:table>/rows.csv", views.rows_table, name="rows_table"),
    path("<int:batch>/", views.show_batch, name="batch"),
    path("<int:batch>/columns/", views.match, name="columns"),
    path("<int:batch>/apply/", views.apply, name="apply"),
    path("<int:batch>/undo/", views.undo, name="undo"),
    path("<int:batch>/put-aside/", views.put_aside, name="put_aside"),
    path("<int:batch>/problems.csv", views.problems_file, name="problems"),
]

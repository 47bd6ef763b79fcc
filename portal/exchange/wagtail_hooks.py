"""Imports in the editing site: their addresses and their place in the menu."""

from typing import Any

from django.urls import include, path, reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_urls")
def register_imports() -> list[Any]:
    return [path("imports/", include("portal.exchange.import_urls"))]


@hooks.register("register_admin_menu_item")
def show_imports_in_menu() -> MenuItem:
    return MenuItem("Import", reverse_lazy("imports:list"), name="imports", icon_name="upload", order=110)

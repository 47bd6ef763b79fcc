from django.urls import path

from portal.briefings import for_us_views, views

app_name = "briefings"
urlpatterns = [
    path("", views.make_pack, name="make"),
    path("basket/", views.show_basket, name="basket"),
    path("basket/add/", views.add_to_basket, name="basket_add"),
    path("basket/for-us/<slug:slug>/", for_us_views.add_for_us, name="basket_add_for_us"),
    path("basket/remove/", views.remove_from_basket, name="basket_remove"),
    path("basket/move/", views.move_in_basket, name="basket_move"),
    path("basket/clear/", views.clear_basket, name="basket_clear"),
    path("entry/<slug:slug>/", views.make_brief, name="brief"),
    path("<slug:token>/", views.show_pack, name="pack"),
    path("<slug:token>/retry/", views.retry_pack, name="retry"),
    path("<slug:token>/<slug:name>.pdf", views.download_pack, name="download"),
]

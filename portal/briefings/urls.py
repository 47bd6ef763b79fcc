from django.urls import path, re_path

from portal.briefings.views import basket, builder, for_us, packs, ready_made, sharing

FILE = r"(?P<name>[-\w]+)\.(?P<kind>[a-z]{3,4})"
STANDING_FILE = FILE.replace("kind", "file_kind")

app_name = "briefings"
urlpatterns = [
    path("", builder.make_pack, name="make"),
    path("preview/", builder.preview_pack, name="preview"),
    path("change/", builder.change_pack, name="change"),
    path("basket/", builder.show_basket, name="basket"),
    path("basket/add/", basket.add_to_basket, name="basket_add"),
    path("basket/for-us/<slug:slug>/", for_us.add_for_us, name="basket_add_for_us"),
    path("basket/remove/", basket.remove_from_basket, name="basket_remove"),
    path("basket/move/", basket.move_in_basket, name="basket_move"),
    path("basket/order/", basket.order_basket, name="basket_order"),
    path("basket/clear/", basket.clear_basket, name="basket_clear"),
    path("entry/<slug:slug>/", builder.make_brief, name="brief"),
    path("mine/", packs.show_my_packs, name="mine"),
    path("ready-made/", ready_made.show_ready_made, name="ready_made"),
    path("ready-made/<slug:kind>/<slug:slug>/", ready_made.show_standing, name="standing"),
    path("ready-made/<slug:kind>/<slug:slug>/read/", ready_made.read_standing, name="standing_read"),
    re_path(
        rf"^ready-made/(?P<kind>[-\w]+)/(?P<slug>[-\w]+)/{STANDING_FILE}$",
        ready_made.download_standing,
        name="standing_download",
    ),
    path("shared/<slug:token>/", sharing.show_shared, name="shared"),
    path("shared/<slug:token>/read/", sharing.read_shared, name="shared_read"),
    re_path(rf"^shared/(?P<token>[-\w]+)/{FILE}$", sharing.download_shared, name="shared_download"),
    path("<int:number>/", packs.show_issue, name="issue"),
    path("<slug:token>/", packs.show_pack, name="pack"),
    path("<slug:token>/read/", packs.read_pack, name="read"),
    path("<slug:token>/retry/", packs.retry_pack, name="retry"),
    path("<slug:token>/stop/", packs.stop_pack, name="stop"),
    path("<slug:token>/next-issue/", packs.ask_for_next_issue, name="next_issue"),
    path("<slug:token>/share/", sharing.share_pack, name="share"),
    path("<slug:token>/share/<int:pk>/revoke/", sharing.revoke_link, name="revoke"),
    re_path(rf"^(?P<token>[-\w]+)/{FILE}$", packs.download_pack, name="download"),
]

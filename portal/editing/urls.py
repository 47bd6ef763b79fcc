"""The editing site: its own pages, then those of Wagtail that it uses, all behind one door."""

from django.urls import include, path
from wagtail.admin import urls as wagtail_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from portal.editing import strength_views, views
from portal.editing.gate import guarded

own_urls = [
    path("", views.show_start, name="start"),
    path("waiting/", views.show_waiting, name="waiting"),
    path("figures/hint/", views.show_hint, name="hint"),
    path("strength-rule/", strength_views.show_rules, name="strength_rules"),
    path("strength-rule/<int:version>/", strength_views.show_rule, name="strength_rule"),
    path("entries/<int:pk>/brief.pdf", views.show_brief, name="brief"),
    path("entries/<int:pk>/trail/", views.show_trail, name="trail"),
    path("entries/<int:pk>/compare/", views.show_comparison, name="compare"),
    path("entries/<int:pk>/submit/", views.submit, name="submit"),
    path("entries/<int:pk>/approve/", views.approve, name="approve"),
    path("entries/<int:pk>/send-back/", views.send_back, name="send_back"),
    path("entries/<int:pk>/discard/", views.discard, name="discard"),
    path("entries/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("entries/<int:pk>/hand-over/", views.hand_over, name="hand_over"),
]
urlpatterns = decorate_urlpatterns(
    [path("", include((own_urls, "editing"))), path("", include(wagtail_urls))],
    guarded,
)

"""The editing site: its own pages, then those of Wagtail that it uses, all behind one door."""

from django.urls import include, path
from wagtail.admin import urls as wagtail_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from portal.editing import (
    account_views,
    adoption_views,
    key_views,
    people_views,
    source_views,
    strength_views,
    views,
    webhook_views,
)
from portal.editing.gate import guarded
from portal.editing.signed_out import show_session

own_urls = [
    path("", views.show_start, name="start"),
    path("session/", show_session, name="session"),
    path("login/", people_views.sign_in, name="sign_in"),
    path("logout/", people_views.sign_out, name="sign_out"),
    path("people/", people_views.show_people, name="people"),
    path("people/trail/", people_views.show_account_trail, name="account_trail"),
    path("people/accounts/", account_views.show_accounts, name="accounts"),
    path("people/accounts/<int:person>/", account_views.show_account, name="account"),
    path("people/<int:row>/", people_views.change_person, name="change_person"),
    path("people/invitations/<int:invitation>/withdraw/", people_views.withdraw_invitation, name="withdraw_invitation"),
    path("waiting/", views.show_waiting, name="waiting"),
    path("not-found/", views.show_missed, name="missed"),
    path("unanswered/", source_views.show_unanswered, name="unanswered"),
    path("unanswered/<int:check>/again/", source_views.ask_again, name="ask_again"),
    path("sources/<int:source>/attachment/", source_views.lead_to_attachment, name="attachment"),
    path("webhooks/", webhook_views.show_webhooks, name="webhooks"),
    path("webhooks/<int:webhook>/", webhook_views.show_webhook, name="webhook"),
    path("webhooks/<int:webhook>/messages/<int:delivery>/replay/", webhook_views.replay, name="replay_webhook"),
    path("webhooks/<int:webhook>/<slug:step>/", webhook_views.change_webhook, name="change_webhook"),
    path("figures/hint/", views.show_hint, name="hint"),
    path("strength-rule/", strength_views.show_rules, name="strength_rules"),
    path("strength-rule/<int:version>/", strength_views.show_rule, name="strength_rule"),
    path("entries/<int:pk>/brief.pdf", views.show_brief, name="brief"),
    path("entries/<int:pk>/trail/", views.show_trail, name="trail"),
    path("keys/", key_views.show_keys, name="keys"),
    path("keys/<slug:prefix>/revoke/", key_views.revoke, name="revoke_key"),
    path("adoption/", adoption_views.show_adoption, name="adoption"),
    path("adoption/contacts/", adoption_views.add_contact, name="add_contact"),
    path("adoption/contacts/<int:contact>/", adoption_views.show_consent, name="consent"),
    path("adoption/contacts/<int:contact>/remove/", adoption_views.remove_contact, name="remove_contact"),
    path("entries/<int:pk>/adoption/", adoption_views.show_entry_adoption, name="entry_adoption"),
    path("entries/<int:pk>/adoption/record/", adoption_views.record_event, name="record_event"),
    path("entries/<int:pk>/adoption/<int:row>/verify/", adoption_views.verify, name="verify_event"),
    path("entries/<int:pk>/replies/<int:row>/accept/", adoption_views.accept, name="accept_reply"),
    path("entries/<int:pk>/replies/<int:row>/refuse/", adoption_views.refuse, name="refuse_reply"),
    path("entries/<int:pk>/compare/", views.show_comparison, name="compare"),
    path("entries/<int:pk>/submit/", views.submit, name="submit"),
    path("entries/<int:pk>/approve/", views.approve, name="approve"),
    path("entries/<int:pk>/send-back/", views.send_back, name="send_back"),
    path("entries/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("entries/<int:pk>/discard/", views.discard, name="discard"),
    path("entries/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("entries/<int:pk>/hand-over/", views.hand_over, name="hand_over"),
]
urlpatterns = decorate_urlpatterns(
    [path("", include((own_urls, "editing"))), path("", include(wagtail_urls))],
    guarded,
)

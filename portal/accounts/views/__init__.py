from portal.accounts.views.account import change_details, show_account, sign_out_everywhere
from portal.accounts.views.invitation import show_invitation
from portal.accounts.views.privacy import erase_account, export_account
from portal.accounts.views.provider import answered_here
from portal.accounts.views.regular_mail import stop_mail
from portal.accounts.views.searches import change_search, delete_search, keep_search

__all__ = [
    "answered_here",
    "change_details",
    "change_search",
    "delete_search",
    "erase_account",
    "export_account",
    "keep_search",
    "show_account",
    "show_invitation",
    "sign_out_everywhere",
    "stop_mail",
]

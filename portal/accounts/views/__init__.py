from portal.accounts.views.account import show_account, sign_out_everywhere
from portal.accounts.views.invitation import show_invitation
from portal.accounts.views.provider import leave_for_provider

__all__ = ["leave_for_provider", "show_account", "show_invitation", "sign_out_everywhere"]

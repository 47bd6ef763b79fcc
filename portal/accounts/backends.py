"""Signing in: what the editing site asks of a person before any entry is looked at."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from portal.accounts.permissions import has_role


class NetworkRoleBackend(AuthenticationBackend):
    """Passwords as Django keeps them, by user name or e-mail address; no permission but the way in, by role.

    What may be done there is asked of `portal.accounts.permissions` alone.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm == "wagtailadmin.access_admin" and has_role(user_obj)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return {"wagtailadmin.access_admin"} if has_role(user_obj) else set()

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False

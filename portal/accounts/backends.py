"""Signing in: what the editing site asks of a person before any entry is looked at."""

from collections.abc import Mapping
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.http import HttpRequest

from portal.accounts.models import User
from portal.accounts.permissions import has_role


def people_tried(credentials: Mapping[str, Any]) -> list[User]:
    """Return whose account a sign-in may mean, by name or address: mostly one, or none. The same queries for all."""
    name = str(credentials.get("username") or credentials.get("email") or "")[:254].replace("\x00", "")
    address = str(credentials.get("email") or name)[:254].replace("\x00", "")
    found = [get_user_by_username(name), *filter_users_by_email(address, prefer_verified=True, for_login=True)]
    return list(dict.fromkeys(person for person in found if isinstance(person, User)))


def person_tried(credentials: Mapping[str, Any]) -> User | None:
    """Return whose account a sign-in that failed was most likely meant for."""
    return next(iter(people_tried(credentials)), None)


class NetworkRoleBackend(AuthenticationBackend):
    """Passwords as Django keeps them, by user name or e-mail address; no permission but the way in, by role.

    What may be done there is asked of `portal.accounts.permissions` alone.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        """Try a password once on each account that the name may mean: on one, or on none, which costs the same.

        django-allauth itself tries it twice where a known address was typed, and once where an unknown one was.
        """
        password = credentials["password"]
        return next((person for person in people_tried(credentials) if self._check_password(person, password)), None)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm == "wagtailadmin.access_admin" and has_role(user_obj)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return {"wagtailadmin.access_admin"} if has_role(user_obj) else set()

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False

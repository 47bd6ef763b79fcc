"""What a form sent that was not taken, so that it can be sent again instead of typed again."""

from django.conf import settings
from django.http import HttpRequest, QueryDict

SECRETS = frozenset({"password", "new_password1", "new_password2"})


def fields_sent(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the names and values of a form of this site. Of other sites' forms and of sign-ins nothing is given back.

    A page that gives them back has a fresh token, so a form from elsewhere must not come back in it.
    """
    if not _is_from_here(request) or SECRETS & request.POST.keys():
        return []
    return pairs_of(request.POST)


def pairs_of(form: QueryDict, *, without: str = "") -> list[tuple[str, str]]:
    """Return the names and values of a form but its token, for hidden fields."""
    left_out = {"csrfmiddlewaretoken", without}
    return [(name, value) for name, values in form.lists() if name not in left_out for value in values]


def _is_from_here(request: HttpRequest) -> bool:
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") in {here, *settings.CSRF_TRUSTED_ORIGINS}

"""What every page shows of the basket."""

from typing import Any

from django.http import HttpRequest

from portal.briefings.basket import basket_of
from portal.core.sessions import brings_session


def basket(request: HttpRequest) -> dict[str, Any]:
    """Give `basket_count` and `basket_slugs`; a visitor without a session costs no query.

    Of a request that was refused before it was known who asks, there is no user: it has a page too.
    """
    if not brings_session(request) or not hasattr(request, "user"):
        return {"basket_count": 0, "basket_slugs": []}
    slugs = basket_of(request).slugs
    return {"basket_count": len(slugs), "basket_slugs": slugs}

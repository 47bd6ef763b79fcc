"""Where whoever finds a weakness tells us (RFC 9116)."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.core.public_pages import public_page

GOOD_FOR = timedelta(days=180)
"""The RFC asks for less than a year. It is counted from today: a site that answers is one that is looked after."""


@require_safe
@public_page
def show_security_txt(request: HttpRequest) -> HttpResponse:
    """Tell the operator's contact; without one there is nothing that would be true."""
    if not settings.SECURITY_CONTACT:
        raise Http404("Whoever runs this site has named no contact.")
    expires = datetime.combine(timezone.localdate() + GOOD_FOR, time(tzinfo=UTC))
    fields = {
        "Contact": settings.SECURITY_CONTACT,
        "Expires": f"{expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages": "en",
        "Canonical": settings.SITE_URL + reverse("core:security_txt"),
        "Policy": settings.SECURITY_POLICY,
    }
    lines = [f"{name}: {value}\r\n" for name, value in fields.items() if value]
    return HttpResponse("".join(lines), content_type="text/plain; charset=utf-8")

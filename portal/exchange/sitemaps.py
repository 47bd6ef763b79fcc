"""What search engines are told there is: every public page that stays, and what they need not walk."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from portal.benefits.models import Measure
from portal.catalogue.models import Entry, Theme
from portal.core.public_pages import public_page
from portal.organisations.models import Organisation

AT_ONCE = 5000
PAGES = (
    *("catalogue:home", "catalogue:list", "innovations:list", "casestudies:list", "catalogue:places"),
    *("benefits:impact", "benefits:contradictions", "benefits:measures", "benefits:how_figures_work"),
    *("adoption:spreading", "evidence:list", "organisations:list", "catalogue:evidence_strength"),
    *("data:page", "api_page", "core:about", "core:accessibility", "core:privacy"),
)
# Each filter of a list is an address: there are more than anybody can walk, and all lead to pages of the sitemap.
NOT_WALKED = (
    *("/editing/", "/packs/", "/compare/", "/catalogue/suggestions/", "/data/newest/"),
    *("/catalogue/?", "/innovations/?", "/case-studies/?", "/impact/*?", "/adoption/*?"),
    *("/*.csv", "/*.xlsx", "/*.feed.json", "/*.atom"),
)


class OfThisSite(Sitemap):  # type: ignore[type-arg]
    """Addresses stand under the site's own name, whatever the request called it."""

    limit = AT_ONCE

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Pages(OfThisSite):
    def items(self) -> tuple[str, ...]:
        return PAGES

    def location(self, item: str) -> str:
        return reverse(item)


class Entries(OfThisSite):
    """Published entries of both kinds."""

    def items(self) -> Any:
        return Entry.objects.public().only("slug", "kind", "last_published_at").order_by("pk")

    def lastmod(self, item: Entry) -> Any:
        return item.last_published_at

    def get_latest_lastmod(self) -> Any:
        """Ask the database: Django would read every entry."""
        return Entry.objects.public().aggregate(last=Max("last_published_at"))["last"]


class Themes(OfThisSite):
    def items(self) -> Any:
        return Theme.objects.order_by("pk")

    def location(self, item: Theme) -> str:
        return reverse("catalogue:theme", args=[item.slug])


class Measures(OfThisSite):
    def items(self) -> Any:
        return Measure.objects.public().order_by("pk")


class Organisations(OfThisSite):
    def items(self) -> Any:
        return Organisation.objects.order_by("pk")


SITEMAPS: dict[str, Any] = {
    "pages": Pages,
    "entries": Entries,
    "themes": Themes,
    "measures": Measures,
    "organisations": Organisations,
}


@require_safe
@public_page
def show_robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in NOT_WALKED), ""]
    lines += [f"Sitemap: {settings.SITE_URL}{reverse('sitemap_index')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@public_page
def show_index(request: HttpRequest) -> HttpResponse:
    return rendered(sitemap_views.index(request, SITEMAPS, sitemap_url_name="sitemap"))


@require_safe
@public_page
def show_sitemap(request: HttpRequest, section: str) -> HttpResponse:
    return rendered(sitemap_views.sitemap(request, SITEMAPS, section=section))


def rendered(answer: Any) -> HttpResponse:
    """Return Django's template answer as a plain one, which visitors may share."""
    plain = HttpResponse(answer.render().content, headers=dict(answer.items()))
    del plain["Last-Modified"]  # the ETag tells more
    return plain


urlpatterns = [
    path("robots.txt", show_robots, name="robots"),
    path("sitemap.xml", show_index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", show_sitemap, name="sitemap"),
]

"""The headline totals as an Atom feed."""

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from portal.benefits.headlines import ask_about_england, headline_totals
from portal.benefits.ledgers import Total
from portal.catalogue.models import CatalogueVersion
from portal.core.templatetags.components import lower_first


class HeadlineTotalsFeed(Feed):  # type: ignore[type-arg]
    """England, all dates, achieved: one entry for each measure and basis in which something counts."""

    feed_type = Atom1Feed
    moved_at: datetime | None = None
    subtitle = "Totals of achieved benefits in England, each basis apart, with what was counted and what was left out."

    def title(self) -> str:
        return f"{settings.SITE_NAME}: headline totals"

    def author_name(self) -> str:
        return settings.SITE_NAME

    def link(self) -> str:
        return settings.SITE_URL + reverse("benefits:impact")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("benefits:headline_feed")

    def items(self) -> list[Total]:
        asked = ask_about_england()
        self.moved_at = CatalogueVersion.objects.values_list("moved_at", flat=True).first()
        return headline_totals(asked) if asked else []

    def item_title(self, item: Total) -> str:
        return f"{item.measure.name}, {lower_first(item.asked.basis_text)}"

    def item_description(self, item: Total) -> str:
        return escape(" ".join([f"{item.text}.", f"{item.as_at_text}.", *item.caveats]))

    def item_link(self, item: Total) -> str:
        return settings.SITE_URL + item.address

    def item_updateddate(self, item: Total) -> datetime | None:
        return self.moved_at

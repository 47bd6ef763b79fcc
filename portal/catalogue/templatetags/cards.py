"""The tags that show what is stored: a card, a page."""

from collections.abc import Container, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from portal.catalogue.cards import Card
from portal.catalogue.stored_pages import Page

register = template.Library()


@register.simple_tag
def card(one: Card, *, level: int, next: str, basket_slugs: Container[Any] = ()) -> SafeString:
    return one.html(level=level, in_basket=one.slug in (basket_slugs or ()), next=next)


@register.simple_tag(takes_context=True)
def stored_page(context: Mapping[str, Any], page: Page) -> SafeString:
    return page.html(basket_count=context["basket_count"], basket_slugs=context["basket_slugs"])

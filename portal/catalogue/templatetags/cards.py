"""The tag that shows a card."""

from collections.abc import Container
from typing import Any

from django import template
from django.utils.safestring import SafeString

from portal.catalogue.cards import Card

register = template.Library()


@register.simple_tag
def card(one: Card, *, level: int, next: str, basket_slugs: Container[Any] = ()) -> SafeString:
    return one.html(level=level, in_basket=one.slug in (basket_slugs or ()), next=next)

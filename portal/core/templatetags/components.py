"""Component tags and filters, available in every template."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from jinja2 import ChainableUndefined, Environment, PackageLoader

from portal.core import formatting
from portal.core.moulds import Mould, fill, mould_of, slot
from portal.core.people import name_of
from portal.core.quantities import Qualifier

register = template.Library()

_nhsuk = Environment(loader=PackageLoader("nhsuk_frontend_jinja"), undefined=ChainableUndefined, autoescape=True)


@register.simple_tag
def nhsuk(component: str, params: dict[str, Any] | None = None, **more: Any) -> SafeString:
    """Render one of the design system's official macros: {% nhsuk "tag" text="Live" %}."""
    first, *rest = component.split("-")
    macro = first + "".join(word.capitalize() for word in rest)
    module = _nhsuk.get_template(f"nhsuk/components/{component}/macro.jinja").module
    return SafeString(getattr(module, macro)({**(params or {}), **more}))  # nosec B703  # the macros escape


@register.simple_tag
def pagination(links: dict[str, Any]) -> SafeString:
    """Render the design system's pagination; its macro is dear, so it is rendered once for each shape of links."""
    items = links["items"]
    kinds = tuple("gap" if "ellipsis" in item else "current" if item.get("current") else "other" for item in items)
    bits: dict[str, str] = {f"{end} href": escape(links[end]["href"]) for end in ("previous", "next") if end in links}
    for place, item in enumerate(items):
        if "ellipsis" not in item:
            bits |= {f"{place} number": str(item["number"]), f"{place} href": escape(item["href"])}
    return fill(_mould_of_pagination("previous" in links, "next" in links, kinds), bits)


@cache
def _mould_of_pagination(has_previous: bool, has_next: bool, kinds: tuple[str, ...]) -> Mould:
    items: list[dict[str, Any]] = [
        {"ellipsis": True}
        if kind == "gap"
        else {"number": slot(f"{place} number"), "href": slot(f"{place} href"), "current": kind == "current"}
        for place, kind in enumerate(kinds)
    ]
    ends = [end for end, is_there in (("previous", has_previous), ("next", has_next)) if is_there]
    return mould_of(nhsuk("pagination", {"items": items} | {end: {"href": slot(f"{end} href")} for end in ends}))


class SameForAll(template.Node):
    """A part of a page that is the same on every page and for every visitor: rendered once a process."""

    def __init__(self, nodes: template.NodeList) -> None:
        self.nodelist = nodes
        self._rendered: SafeString | None = None

    def render(self, context: template.Context) -> SafeString:
        if self._rendered is None:
            self._rendered = self.nodelist.render(context)
        return self._rendered


@register.tag
def same_for_all(parser: template.base.Parser, token: template.base.Token) -> SameForAll:
    """Render what stands up to {% endsame_for_all %} once: addresses and names that settings alone decide."""
    nodes = parser.parse(["endsame_for_all"])
    parser.delete_first_token()
    return SameForAll(nodes)


@register.filter
def in_design(field: Any, classes: str) -> SafeString:
    """Let a form's field write itself with these classes, and without a placeholder that repeats its label."""
    attributes = {name: value for name, value in field.field.widget.attrs.items() if name != "placeholder"}
    field.field.widget.attrs = attributes
    written: SafeString = field.as_widget(attrs={"class": classes})
    return written


register.filter(name_of)
# What could end the element, or begin a comment in it, is written in JSON's own way.
WITHIN_SCRIPT = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


@register.simple_tag
def linked_data(told: Mapping[str, Any] | None) -> SafeString:
    """Write JSON-LD as a block of data, which no browser runs and no policy need allow; nothing of None."""
    if told is None:
        return SafeString("")
    text = json.dumps(told, ensure_ascii=False).translate(WITHIN_SCRIPT)
    return SafeString(f'<script type="application/ld+json">{text}</script>')  # nosec B703  # written without < > &


@register.filter
def figure_text(figure: Any) -> str:
    """Write a figure's value with qualifier and unit: "About £70.44 per user"."""
    return formatting.format_figure(
        value=figure.value,
        unit=figure.measure.unit,
        counted=figure.counted,
        per=figure.per,
        qualifier=figure.qualifier,
        change=getattr(figure, "change", ""),
        low=figure.low,
        high=figure.high,
    )


@register.filter
def label_after_figure(figure: Any) -> str:
    """Write a figure's label to follow its value: "7,121 hours" "saved in Wessex", not "hours saved in Wessex"."""
    unit = f"{figure.counted or figure.measure.unit} "
    label = figure.label
    return label[len(unit) :] if label.casefold().startswith(unit.casefold()) else lower_first(label)


@register.filter
def period_text(figure: Any) -> str:
    """Write a figure's period; the source's own words stand in when it can't be dated."""
    text = formatting.format_period(kind=figure.period_kind, start=figure.period_start, end=figure.period_end)
    if figure.period_kind == "not_stated" and figure.period_note:
        return f"Not dated: {lower_first(figure.period_note)}"
    return text


@register.filter
def place_text(figure: Any) -> str:
    """Write a figure's place, with the part of it that the source names; a part named after it says both."""
    place = figure.place.display_name if figure.place else ""
    part = figure.place_note
    if not place or not part or part.casefold() == place.casefold():
        return place or part or "Place not stated"
    if re.search(rf"\b{re.escape(place)}\b", part, re.IGNORECASE):
        return str(part)
    return f"{place} ({part})"


@register.filter
def partial_date(text: str) -> str:
    return formatting.format_partial_date(text)


@register.filter
def number(value: Decimal | int) -> str:
    return formatting.format_number(value)


@register.filter
def file_size(size_in_bytes: int) -> str:
    return formatting.format_file_size(size_in_bytes)


@register.filter
def claim_text(claim: Any) -> str:
    """Write an aggregate adoption claim: "42 of 42 ICSs (100%)", "61% of acute trusts"."""
    word = "" if claim.qualifier == Qualifier.EXACT else formatting.QUALIFIER_WORDS[claim.qualifier] + " "
    share = f"{formatting.format_number(claim.share_percent)}%" if claim.share_percent is not None else ""
    if claim.count is None:
        text = f"{word}{share} of {claim.unit or claim.group}" if share else ""
    else:
        of = f" of {formatting.format_number(claim.denominator)}" if claim.denominator else ""
        text = f"{word}{formatting.format_number(claim.count)}{of} {claim.unit}".strip()
        text += f" ({share})" if share else ""
    return formatting.capitalised(text)


@register.filter
def at(rows: Mapping[Any, Any] | None, key: Any) -> Any:
    """Return what a mapping holds under a key; None when it holds nothing, or there is no mapping."""
    return rows.get(key) if rows else None


@register.filter
def lower_first(text: str) -> str:
    """Start a label in the middle of a sentence: "GP hours" stays, "Agency spend" does not."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]

"""The filters that templates write figures with."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template

from portal.core.templatetags.components import label_after_figure, place_text


@pytest.mark.parametrize(
    ("label", "counted", "text"),
    [
        ("Hours saved in Wessex", "", "saved in Wessex"),
        ("Nurses recruited", "nurses", "recruited"),
        ("Agency spend saved", "", "agency spend saved"),
        ("GP hours saved", "", "GP hours saved"),
    ],
)
def test_a_label_does_not_say_the_unit_again(label: str, counted: str, text: str) -> None:
    figure = SimpleNamespace(label=label, counted=counted, measure=SimpleNamespace(unit="hours"), value=Decimal(1))
    assert label_after_figure(figure) == text


@pytest.mark.parametrize(
    ("place", "note", "text"),
    [
        ("Dorset", "two wards", "Dorset (two wards)"),
        ("England", "England", "England"),
        ("South East", "South East (27 trusts)", "South East (27 trusts)"),
        ("West Yorkshire", "surveyed practices in West Yorkshire", "surveyed practices in West Yorkshire"),
        ("Kent", "Kentish Town", "Kent (Kentish Town)"),
        (None, "one unnamed trust", "one unnamed trust"),
        (None, "", "Place not stated"),
    ],
)
def test_a_place_is_shown_with_the_part_the_source_names(place: str | None, note: str, text: str) -> None:
    figure = SimpleNamespace(place=SimpleNamespace(display_name=place) if place else None, place_note=note)
    assert place_text(figure) == text


def test_what_is_the_same_for_all_is_rendered_once() -> None:
    page = Template("{% same_for_all %}{{ told }}{% endsame_for_all %} {{ told }}")
    assert [page.render(Context({"told": one})) for one in ("a", "b")] == ["a a", "a b"]

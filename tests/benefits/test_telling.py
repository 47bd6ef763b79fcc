"""What the change log says of a figure."""

from datetime import date
from typing import Any

import pytest

from portal.benefits.models import BenefitFigure
from portal.catalogue.changes import ChildChange, changes_between
from portal.organisations.models import Organisation
from tests.factories import EvidenceFactory, IcbFactory, InnovationFactory, MeasureFactory, add_figure

pytestmark = pytest.mark.django_db


@pytest.fixture
def figure(england: Organisation) -> BenefitFigure:
    measure = MeasureFactory(name="Hours released")
    return add_figure(
        InnovationFactory(published=True), label="Hours released", value=41000, measure=measure, place=england
    )


def change_of(figure: BenefitFigure, **fields: Any) -> ChildChange:
    """Change one figure of a draft, and return how that is told."""
    live = type(figure.entry)._default_manager.get(pk=figure.entry_id)
    draft = type(live)._default_manager.get(pk=live.pk)
    changed = draft.figures.get()
    for name, value in fields.items():
        setattr(changed, name, value)
    draft.figures = [changed]
    (change,) = changes_between(live, draft.save_revision(clean=False).as_object())
    assert isinstance(change, ChildChange)
    return change


def test_a_corrected_value_is_told_as_the_site_writes_figures(figure: BenefitFigure) -> None:
    change = change_of(figure, value=38500)

    assert change.sentence == "Hours released corrected from 41,000 hours to 38,500 hours."
    assert [(field.label, field.before[0].text, field.after[0].text) for field in change.fields] == [
        ("Value", "41,000", "38,500")
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"value": 1000000, "qualifier": "more_than"},
            "Hours released corrected from 41,000 hours to more than 1 million hours.",
        ),
        (
            {"low": 30000, "high": 50000, "basis": "modelled"},
            "Hours released corrected from 41,000 hours to 30,000 to 50,000 hours; basis changed too.",
        ),
        (
            {"value": 52000, "period_start": date(2024, 4, 1), "period_end": date(2025, 3, 31)},
            "Hours released changed from 41,000 hours (2023/24, England) to 52,000 hours (2024/25, England).",
        ),
        (
            {
                "basis": "modelled",
                "method": "Timed before and after, on twelve wards of three hospitals, for ninety days",
            },
            "Benefit figure “Hours released, 41,000 hours (2023/24, England)”: basis changed from Observed to "
            "Modelled; method added: “Timed before and after, on twelve wards of three hospitals, for ninety days”.",
        ),
    ],
)
def test_what_else_changed_is_told_too(figure: BenefitFigure, fields: dict[str, Any], sentence: str) -> None:
    assert change_of(figure, **fields).sentence == sentence


def test_another_place_or_source_is_told_by_name(figure: BenefitFigure) -> None:
    dorset = IcbFactory(name="NHS Dorset Integrated Care Board", short_name="Dorset")
    change = change_of(figure, place=dorset, evidence=EvidenceFactory(title="The evaluation"))

    assert change.sentence == (
        "Hours released changed from 41,000 hours (2023/24, England) to 41,000 hours (2023/24, Dorset); "
        "evidence changed too."
    )
    assert [field.after[0].text for field in change.fields] == ["NHS Dorset Integrated Care Board", "The evaluation"]


def test_a_figure_that_comes_or_goes_is_named_with_all_it_must_not_travel_without(figure: BenefitFigure) -> None:
    live = type(figure.entry)._default_manager.get(pk=figure.entry_id)
    without = type(live)._default_manager.get(pk=live.pk)
    without.figures = []
    name = "Hours released, 41,000 hours (2023/24, England)"

    assert [change.sentence for change in changes_between(live, without)] == [f"Benefit figure removed: {name}."]
    assert [change.sentence for change in changes_between(without, live)] == [f"Benefit figure added: {name}."]


def test_the_part_of_a_place_has_no_brackets_within_brackets(figure: BenefitFigure) -> None:
    change = change_of(figure, place_note="two wards")
    assert change.sentence == (
        "Hours released changed from 41,000 hours (2023/24, England) to 41,000 hours (2023/24, England, two wards)."
    )


def test_a_figure_that_says_another_again_names_it(figure: BenefitFigure) -> None:
    innovation = figure.entry
    days = add_figure(innovation, label="Days released", key="days")
    live = type(innovation)._default_manager.get(pk=innovation.pk)
    draft = type(live)._default_manager.get(pk=live.pk)
    rows = {row.pk: row for row in draft.figures.all()}
    rows[days.pk].restates = figure.public_id
    draft.figures = list(rows.values())

    (change,) = changes_between(live, draft)
    assert change.sentence.endswith("restates added: Hours released.")

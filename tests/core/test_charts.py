"""Bar charts: geometry that says what the numbers say, on a screen and on paper."""

import io
from decimal import Decimal

import pytest
from django.conf import settings
from django.template import Context, Engine
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from weasyprint import HTML

from portal.core.charts import Amount, BarChart, bar_chart


def chart_of(**values: str) -> BarChart:
    return bar_chart("example", "By region", [Amount(name, Decimal(value), value) for name, value in values.items()])


def lengths(chart: BarChart) -> list[Decimal]:
    return [bar.length for bar in chart.bars]


def test_bars_share_one_scale_and_keep_their_order() -> None:
    chart = chart_of(London="50", Midlands="200", Kent="0")
    assert [bar.amount.label for bar in chart.bars] == ["London", "Midlands", "Kent"]
    assert lengths(chart) == [25, 100, 0]
    assert {bar.start for bar in chart.bars} == {0}


def test_a_negative_amount_goes_the_other_way_from_nought() -> None:
    gain, loss = chart_of(gain="30", loss="-10").bars
    assert (gain.start, gain.length) == (25, 75)
    assert (loss.start, loss.length) == (0, 25)


@pytest.mark.parametrize("values", [{}, {"none": "0"}])
def test_nothing_to_show_is_no_length_and_no_error(values: dict[str, str]) -> None:
    assert lengths(chart_of(**values)) == [Decimal(0)] * len(values)


def test_values_stand_beside_their_labels_only_when_all_of_them_fit() -> None:
    short, long = Amount("London", Decimal(1), "1 hour"), Amount("A" * 30, Decimal(1), "At least 29,103 people")
    assert bar_chart("a", "Beside", [short]).text_beside
    below = bar_chart("b", "Below", [short, long])
    assert not below.text_beside
    assert below.bars[0].text_y > below.bars[0].lines[0].y


def test_a_long_label_is_written_on_several_lines() -> None:
    label = "The Robert Jones and Agnes Hunt Orthopaedic Hospital NHS Foundation Trust"
    bar = bar_chart("a", "By trust", [Amount(label, Decimal(1), "1 hour")]).bars[0]
    assert " ".join(line.text for line in bar.lines) == label
    assert len(bar.lines) > 1


@pytest.mark.slow
@given(
    st.lists(
        st.builds(
            Amount,
            label=st.text(max_size=90),
            value=st.decimals(-1_000_000, 1_000_000_000, places=2),
            text=st.text(max_size=30),
        ),
        max_size=6,
    )
)
def test_every_bar_lies_in_the_picture_and_below_its_words(amounts: list[Amount]) -> None:
    chart = bar_chart("any", "Any amounts", amounts)
    above = 0
    for bar in chart.bars:
        assert above < bar.lines[0].y <= bar.text_y < bar.y
        assert bar.start >= 0
        assert bar.start + bar.length <= Decimal("100.01")
        above = bar.y + chart.size.bar
    assert chart.height == above


@pytest.mark.slow
def test_the_same_template_serves_a_pdf() -> None:
    chart = bar_chart("pdf", "By region", [Amount("London & <Kent>", Decimal(4246), "4,246 people")])
    template = Engine(dirs=[str(settings.BASE_DIR / "templates")]).get_template("components/bar_chart.html")
    context = {"chart": chart, "part": "Region", "basis": "observed", "basis_text": "Observed", "context": "England."}
    page = f'<html lang="en"><title>Chart</title><body>{template.render(Context(context))}</body></html>'
    file = HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")
    text = PdfReader(io.BytesIO(file)).pages[0].extract_text()
    assert "Observed" in text
    assert text.count("London & <Kent>") == 2  # in the picture and in the table
    assert text.count("4,246 people") == 2

"""A brief's two pages: they hold whatever can be typed, by rules, and reading software finds its way in them."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from portal.briefings.audit import Audit, audit
from portal.briefings.brief.fitting import CUT, FIRST_PAGES, SECOND_PAGES, fit, shorten, shorten_all
from portal.briefings.brief.rendering import lay_out, render_brief, write_html

ROOMIEST = FIRST_PAGES[0], SECOND_PAGES[0]
ADDRESS = "https://www.portal.example/innovations/"


def brief(text: str = "Plain words.", **fields: Any) -> dict[str, Any]:
    """Return a brief in which every text and list is as long as the models and rules let it be."""
    source = {"title": text, "publisher": text, "published": "12 March 2026", "doi": text, "about": text}
    return {
        "as_at": "2026-03-12",
        "as_at_text": "12 March 2026",
        "site_name": "Workforce Innovation Portal",
        "site_address": "https://www.portal.example",
        "kind": "Innovation",
        "title": text[:160],
        "network": text[:200],
        "contact": text[:160],
        "is_public": True,
        "overdue": "The review of this entry was due on 1 January 2026.",
        "address": f"{ADDRESS}{'w' * 100}/",
        "version_text": "Version 3, published 12 March 2026",
        "version_address": f"{ADDRESS}{'w' * 100}/versions/3/",
        "summary": [text] * 3,
        "caveats": [text] * 3,
        "figures": [figure(text, number) for number in range(1, 5)],
        "count_of_figures": 15,
        "adoption": {
            "stage": "Adopted in part", "text": text, "when": "March 2026", "source": 5, "named": 40,
            "coverage": "Under 1% to over 99%, under 1% replied",
            "coverage_of": "of 199 integrated care boards in England", "stops": text,
        },
        "strength": {
            "level": 3, "of": 5, "text": "Strength 3 of 5: moderate", "limits": [text] * 6, "step": text,
            "rule_version": 1,
        },
        "passages": [{"heading": "The challenge it answers", "text": text}] * 5,
        "facts": [{"term": "Supplier or lead", "text": text}] * 9,
        "needs": [text] * 3,
        "may_not_work": [text] * 3,
        "learning": [{"heading": "What got in the way", "note": text[:80], "items": [text] * 4, "count": 90}] * 3,
        "findings": [{"title": text, "about": "Survey", "finding": text, "source": number} for number in range(6, 12)],
        "count_of_sources": 40,
        "references": [{"number": number, "address": f"{ADDRESS}{number}", **source} for number in range(1, 12)],
        **fields,
    }  # fmt: skip


def figure(text: str, source: int) -> dict[str, Any]:
    return {
        "figure": text[:120], "label": text, "about": "Potential, basis not stated.", "condition": text,
        "period": text, "place": text, "source": source,
    }  # fmt: skip


def text_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


HOSTILE = {
    "wide letters without a space": "W" * 20_000,
    "long words": "Incomprehensibilities " * 900,
    "one letter a word": "W " * 9_000,
    "wide signs": "漢字かな" * 5_000,
    "markup": '<td colspan="1000000000"><img src="file:///etc/passwd">' * 300,
    "combining": "Z̴͉͗" * 4_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_last_rooms_hold_whatever_is_typed(text: str) -> None:
    assert len(lay_out(brief(text), FIRST_PAGES[-1], SECOND_PAGES[-1]).pages) == 2


@pytest.fixture(scope="module")
def crowded() -> bytes:
    """A draft for which neither page's first room will do."""
    return render_brief(brief("Many words of a middling length, told by somebody with time. " * 6, is_draft=True))


@pytest.mark.slow
def test_a_crowded_brief_takes_two_accessible_pages(crowded: bytes) -> None:
    assert audit(crowded) == Audit(pages=2, problems=[])


@pytest.mark.slow
def test_a_draft_is_marked_on_each_page(crowded: bytes) -> None:
    assert all("Draft, not published" in page for page in text_of(crowded))
    assert PdfReader(BytesIO(crowded)).metadata.title.startswith("Draft, not published: ")  # type: ignore[union-attr]
    assert "Draft, not published" not in write_html(brief(), *ROOMIEST)


@pytest.mark.slow
def test_each_page_says_where_it_stays_and_of_which_day_it_is(crowded: bytes) -> None:
    for page in text_of(crowded):
        assert "versions/3/" in page
        assert "12 March 2026" in page


@pytest.mark.slow
def test_the_same_data_gives_the_same_bytes() -> None:
    few = brief(passages=[], learning=[], findings=[])
    assert render_brief(few) == render_brief(few)


def test_what_is_left_for_the_site_is_counted() -> None:
    shown = fit(brief(), *ROOMIEST)
    assert (len(shown["figures"]), shown["more_figures"]) == (4, 11)
    assert (len(shown["references"]), shown["more_sources"]) == (11, 29)
    page = write_html(brief(), *ROOMIEST)
    assert "11 more figures on the site" in page
    assert "29 more sources on the site" in page
    assert "86 more on the site" in page


@pytest.mark.parametrize("first", FIRST_PAGES)
@pytest.mark.parametrize("second", SECOND_PAGES)
def test_each_number_in_the_text_is_a_reference_and_each_reference_is_in_the_text(first: Any, second: Any) -> None:
    shown = fit(brief(), first, second)
    cited = [row["source"] for row in [*shown["figures"], shown["adoption"], *shown["findings"]]]
    assert cited == [row["number"] for row in shown["references"]]


def test_an_address_is_whole_or_left_out() -> None:
    shown = fit(brief(references=[{**row, "address": ADDRESS + "x" * 500} for row in brief()["references"]]), *ROOMIEST)
    assert {row["address"] for row in shown["references"]} == {""}


def test_a_room_never_holds_more_than_the_one_before_it() -> None:
    for rooms in (FIRST_PAGES, SECOND_PAGES):
        for name in vars(rooms[0]):
            sizes = [getattr(room, name) for room in rooms]
            assert sizes == sorted(sizes, reverse=True), name


@given(st.text(max_size=300), st.integers(2, 200))
def test_a_shortened_text_fits_and_a_short_one_is_whole(text: str, most: int) -> None:
    short = shorten(text, most)
    assert len(short) <= most
    assert short == text or short.endswith(CUT)


@given(st.lists(st.text(min_size=1, max_size=80), max_size=6), st.integers(10, 200))
def test_shortened_paragraphs_fit_together_and_say_when_something_is_missing(texts: list[str], most: int) -> None:
    short = shorten_all(texts, most)
    assert sum(map(len, short)) <= most + len(CUT)
    assert short == texts or short[-1].endswith(CUT)

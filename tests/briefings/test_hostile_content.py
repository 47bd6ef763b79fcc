"""Whatever was typed, a pack comes out that says what was left out; or a sentence says why none can."""

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from portal.briefings import limits, rendering
from portal.briefings.audit import audit
from portal.briefings.formats import FORMATS
from portal.briefings.letters import INSTEAD, with_letters_we_have
from portal.briefings.limits import MOST_OF_A_TITLE, MOST_ROWS, TITLE_CUT, clean_title, what_was_cut
from portal.briefings.rendering import TooManyPages, render_pack, write_html
from portal.briefings.stamps import stamp
from portal.briefings.twin import write_twin
from portal.catalogue.models import Entry
from tests.briefings.samples import full_entry, snapshot_of
from tests.factories import InnovationFactory, add_figure
from tests.pdfs import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MARKUP = (
    '<b>x</b><img src="file:///etc/passwd" onerror=1><td colspan="1000000000">&lt;script>{{ pack }}{% include "x" %}'
)
CHINESE, ARABIC = "王秀英", "محمد"


def typed_everywhere(data: Any, text: str) -> Any:
    """Put a text behind every text of a pack that is not an address, a code or a number."""
    kept = (
        "fill",
        "ink",
        "value",
        "address",
        "version_address",
        "site_address",
        "as_at",
        "sections",
        "working",
        "exact",
    )
    if isinstance(data, dict):
        return {name: value if name in kept else typed_everywhere(value, text) for name, value in data.items()}
    if isinstance(data, list):
        return [typed_everywhere(value, text) for value in data]
    return f"{data} {text}" if isinstance(data, str) else data


def test_markup_in_every_field_is_words_in_every_format() -> None:
    data = typed_everywhere(snapshot_of(full_entry(1), full_entry(2)), MARKUP)
    pdf = render_pack(data)
    assert audit(pdf).problems == []
    assert 'colspan="1000000000"' in text_of(PdfReader(io.BytesIO(pdf))).replace(" ", "")
    for html in (write_twin(data), write_html(data)):
        assert "<img" not in html
        assert "<b>" not in html
        assert "&lt;img src=" in html
    for form in FORMATS.values():
        assert form.write(data)


def test_a_table_of_five_thousand_rows_is_cut_and_the_front_sheet_says_so() -> None:
    entry = full_entry(1, title="Endless")
    one = entry.figures.get()
    copies = []
    for number in range(5_000):
        one.pk, one.id, one.key = None, None, f"copy-{number}"
        one.public_id = type(one)._meta.get_field("public_id").get_default()
        copies.append(type(one)(**{field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}))
    type(one).objects.bulk_create(copies)
    data = snapshot_of(Entry.objects.get(pk=entry.pk))
    [group] = data["entries"][0]["figure_groups"]
    assert len(group["rows"]) == MOST_ROWS
    [sentence] = data["cut"]
    assert sentence.startswith("1. Endless: 4,801 more are on the entry’s page")
    assert sentence in " ".join(write_html(data).split())


def test_a_title_of_ten_thousand_characters_is_cut_and_said_to_be() -> None:
    long = "Very long " * 1_000
    assert clean_title(long).endswith(TITLE_CUT)
    assert len(clean_title(long)) <= MOST_OF_A_TITLE + len(TITLE_CUT) + 1
    data = snapshot_of(full_entry(1), title=long)
    assert data["cut"] == ["The pack: 1 text cut for length."]
    pdf = render_pack(data)
    assert audit(pdf).problems == []
    assert "The pack: 1 text cut for length." in text_of(PdfReader(io.BytesIO(pdf)))


def test_letters_without_a_font_are_squares_and_the_pack_says_where() -> None:
    data = snapshot_of(full_entry(1, title="Rota", summary=f"Asked for by {CHINESE} and {ARABIC}."))
    pdf = render_pack(data)
    assert audit(pdf).problems == []
    text = text_of(PdfReader(io.BytesIO(pdf)))
    assert "1. Rota: 3 letters are of a script for which there is no font here" in text
    assert CHINESE not in text
    assert stamp(data) in text
    assert CHINESE in write_twin(data)


def test_letters_with_a_font_and_marks_without_shape_change_nothing() -> None:
    data = {"title": f"Zażółć {ARABIC} −1 “x”", "entries": [], "cut": []}
    assert with_letters_we_have(data) == data
    steering = {"title": "王\u200d\U000e0001", "entries": [], "cut": []}
    assert with_letters_we_have(steering)["title"].startswith(INSTEAD)
    assert "\U000e0001" not in with_letters_we_have(steering)["title"]


def test_a_pack_of_too_many_pages_names_the_entry_that_takes_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "MOST_PAGES", 3)
    short, long = InnovationFactory(published=True, title="Short"), full_entry(1, title="Long", summary="word " * 3_000)
    with pytest.raises(TooManyPages, match=r"at most 3.*“Long”"):
        render_pack(snapshot_of(short, long))


def test_what_was_cut_is_found_however_deep_it_lies() -> None:
    told = {
        "a": [{"rows": [], "cut": "5 more are on the page."}],
        "b": {"c": [f"x {limits.CUT_NOTE}", f"y {TITLE_CUT}"]},
    }
    assert what_was_cut("1. X", told) == ["1. X: 2 texts cut for length.", "1. X: 5 more are on the page."]
    assert what_was_cut("1. X", {"a": ["short"], "cut": ""}) == []


def test_an_entry_without_anything_still_makes_a_pack() -> None:
    bare = InnovationFactory(published=True, title="Bare")
    add_figure(bare, place=None, period_start=None, period_end=None, period_kind="not_stated")
    data = snapshot_of(bare, on=date(2026, 2, 3), author_line="", audience="NOBODY")
    assert audit(render_pack(data)).problems == []
    assert (data["on_text"], data["audience"]) == ("3 February 2026", "")

"""What a pack freezes: the live entries, in order, with all that the document says."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from portal.briefings.limits import CUT_NOTE, MOST_CHARACTERS, MOST_ROWS, clean_text, paragraphs
from portal.briefings.options import PackOptions
from portal.briefings.snapshot import build_snapshot, content_hash, read_entries
from portal.core.formatting import format_figure
from tests.briefings.samples import full_entry, quoted_figure, snapshot_of
from tests.factories import (
    AdoptionRecordFactory,
    BenefitFigureFactory,
    CaseStudyFactory,
    CoverageClaimFactory,
    EvidenceFactory,
    InnovationFactory,
    MeasureFactory,
    add_figure,
    cite,
    publish,
)

pytestmark = pytest.mark.django_db


def test_entries_come_in_the_order_chosen():
    first, second, third = (InnovationFactory(published=True) for _ in range(3))
    data = snapshot_of(third, first, second)
    assert [entry["slug"] for entry in data["entries"]] == [third.slug, first.slug, second.slug]


def test_a_draft_is_not_read():
    assert read_entries_of(InnovationFactory()) == []


def read_entries_of(*entries: Any) -> list[Any]:
    with transaction.atomic():
        return read_entries([entry.slug for entry in entries])


@pytest.mark.slow
@pytest.mark.parametrize("how_many", [2, 20])
def test_twenty_entries_cost_as_many_queries_as_two(how_many, django_assert_num_queries):
    entries = [full_entry(number) for number in range(how_many)]
    slugs = [entry.slug for entry in entries]
    with transaction.atomic(), django_assert_num_queries(38):
        build_snapshot(entries=read_entries(slugs), options=PackOptions(title="Options"), as_at=date(2026, 1, 31))


def test_a_figure_reads_as_on_the_site():
    entry = InnovationFactory(published=True)
    text = quoted_figure(entry)
    figure = entry.figures.get()
    assert text == format_figure(value=figure.value, unit="GBP", per="user", qualifier="about")
    assert _figures(snapshot_of(entry)) == [text]


def _figures(data: dict[str, Any]) -> list[str]:
    return [row["figure"] for entry in data["entries"] for group in entry["figure_groups"] for row in group["rows"]]


def test_what_was_achieved_and_what_could_be_stand_apart_and_each_says_its_basis():
    entry = InnovationFactory(published=True)
    for basis, achievement, role in [
        ("observed", "achieved", "benefit"),
        ("modelled", "achieved", "benefit"),
        ("modelled", "potential", "benefit"),
        ("observed", "achieved", "baseline"),
    ]:
        add_figure(entry, basis=basis, achievement=achievement, role=role)
    groups = snapshot_of(entry)["entries"][0]["figure_groups"]
    assert [(group["title"], [row["basis"] for row in group["rows"]]) for group in groups] == [
        ("Benefits reported", ["Observed", "Modelled"]),
        ("What it could bring", ["Modelled"]),
        ("Other figures: levels, baselines, targets, costs and reach", ["Observed"]),
    ]


def test_entries_share_one_list_of_references_numbered_as_read():
    shared, own = EvidenceFactory(), EvidenceFactory()
    first, second = InnovationFactory(published=True), CaseStudyFactory(published=True)
    cite(first, evidence=shared, finding="It worked.")
    cite(second, evidence=own, finding="It worked here too.")
    cite(second, evidence=shared, finding="It worked there.")
    data = snapshot_of(first, second)
    assert [(row["number"], row["title"]) for row in data["references"]] == [(1, shared.title), (2, own.title)]
    assert [row["source"] for row in data["entries"][1]["evidence"]["rows"]] == [2, 1]


def test_records_of_organisations_and_claims_about_groups_stand_apart():
    entry = InnovationFactory(published=True)
    record = AdoptionRecordFactory(entry=entry, on="2023-06")
    CoverageClaimFactory(entry=entry, group="ICBs in England", count=42, denominator=42, unit="ICBs")
    content = snapshot_of(entry)["entries"][0]
    assert [(row["organisation"], row["on"]) for row in content["records"]["rows"]] == [
        (record.organisation.name, "June 2023")
    ]
    assert [(row["group"], row["text"]) for row in content["claims"]["rows"]] == [("ICBs in England", "42 of 42 ICBs")]


def test_what_nobody_wrote_is_kept_as_not_stated():
    passages = snapshot_of(InnovationFactory(published=True))["entries"][0]["closing"]
    assert [(passage["heading"], passage["paragraphs"]) for passage in passages] == [
        ("Where it may not work", []),
        ("What it needs from you", []),
        ("Before quoting this entry", []),
    ]


def test_a_figure_that_restates_another_says_so():
    entry = InnovationFactory(published=True)
    hours = add_figure(entry, label="Hours released")
    add_figure(entry, label="Working days released", restates=hours.public_id)
    rows = snapshot_of(entry)["entries"][0]["figure_groups"][0]["rows"]
    assert "The same benefit as “Hours released”, said in another way. Not to be added to it." in rows[1]["notes"]


def test_notes_in_a_row_are_sentences_of_their_own():
    entry = InnovationFactory(published=True)
    add_figure(entry, population="People aged 6 to 18", note="A running total.")
    rows = snapshot_of(entry)["entries"][0]["figure_groups"][0]["rows"]
    assert " ".join(rows[0]["notes"]).endswith("People aged 6 to 18. A running total.")


def test_the_same_content_has_the_same_hash_and_another_version_another():
    entry = InnovationFactory(published=True)
    before = content_hash(snapshot_of(entry))
    assert content_hash(snapshot_of(entry)) == before
    publish(entry)
    assert content_hash(snapshot_of(entry)) != before


def test_a_long_field_is_cut_and_says_so():
    text = clean_text("a" * (MOST_CHARACTERS + 1))
    assert text == "a" * MOST_CHARACTERS + " " + CUT_NOTE


def test_a_long_table_is_cut_and_says_so():
    entry = InnovationFactory(published=True)
    measure, evidence = MeasureFactory(), EvidenceFactory()
    for _ in range(MOST_ROWS + 2):
        BenefitFigureFactory(entry=entry, measure=measure, evidence=evidence)
    group = snapshot_of(entry)["entries"][0]["figure_groups"][0]
    assert len(group["rows"]) == MOST_ROWS
    assert group["cut"] == "2 more are on the entry’s page: a table or list here has at most 200 rows."


def test_text_becomes_paragraphs_without_control_characters():
    assert paragraphs("One\nline.\n\n\x00Two.\n \n") == ["One line.", "Two."]

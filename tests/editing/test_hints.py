"""What an editor is told of a figure while writing it, and of entries that may be the same."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.editing.hints import Hint, hint_for
from portal.editing.lookalikes import lookalikes_of
from portal.editing.services import draft_of
from portal.organisations.models import Organisation
from tests.editing.conftest import Networks
from tests.factories import (
    EvidenceFactory,
    InnovationFactory,
    MeasureFactory,
    MembershipFactory,
    RegionFactory,
    add_figure,
    cite,
)

pytestmark = pytest.mark.django_db


def written(measure: Any, where: Organisation, **fields: Any) -> dict[str, Any]:
    usual = {
        "measure": measure.pk,
        "value": "6",
        "qualifier": "exact",
        "role": "benefit",
        "basis": "observed",
        "achievement": "achieved",
        "period_kind": "during",
        "period_start": "2023-04-01",
        "period_end": "2024-03-31",
        "place": where.pk,
    }
    return one_row(usual | fields)


def one_row(row: dict[str, Any], number: int = 0) -> dict[str, Any]:
    """Return a row as the form names its fields, asked about."""
    return {"row": f"figures-{number}"} | {f"figures-{number}-{name}": value for name, value in row.items()}


def written_row(measure: Any, where: Organisation, number: int) -> dict[str, Any]:
    """Return a row of a form that has several."""
    row = {name.removeprefix("figures-0-"): value for name, value in written(measure, where).items() if name != "row"}
    nothing = dict.fromkeys(("low", "high", "counted", "per", "place_note", "note", "method", "population"), "")
    return one_row(row | nothing, number)


def told(hint: Hint | None) -> str:
    assert hint is not None
    return f"{hint.verdict} {hint.why}".strip()


def test_nothing_is_told_before_a_measure_is_chosen() -> None:
    assert hint_for(one_row({"value": "6"})) is None


def test_a_figure_that_counts_says_what_the_total_would_be(england: Organisation, hours: Any) -> None:
    region = RegionFactory()
    MembershipFactory(organisation=region, within=england)
    add_figure(InnovationFactory(published=True), measure=hours, place=region, value=10)
    assert told(hint_for(written(hours, region))) == (
        "Would be counted. The total for England would be 16 hours; without it, 10 hours."
    )


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"role": "target"}, "not a benefit"),
        ({"qualifier": "up_to"}, "upper bound only"),
        ({"place": ""}, "period or place not stated"),
        ({"period_kind": "not_stated", "period_start": "", "period_end": ""}, "period or place not stated"),
        ({"per": "month"}, "can't be added up"),
        ({"value": "six"}, "Would be counted"),
    ],
)
def test_a_figure_that_stays_out_says_why(england: Organisation, hours: Any, changed: dict[str, str], why: str) -> None:
    assert why in told(hint_for(written(hours, england, **changed)))


def test_a_figure_that_overlaps_names_the_other(england: Organisation, hours: Any) -> None:
    other = add_figure(
        InnovationFactory(published=True, title="Shared bank"),
        measure=hours,
        place=england,
        value=10,
        overlap_group="agency",
        period_end=date(2024, 3, 31),
    )
    region = RegionFactory()
    MembershipFactory(organisation=region, within=england)
    hint = hint_for(written(hours, region, overlap_group="agency"))
    assert "overlaps a counted figure" in told(hint)
    assert "“Shared bank”" in told(hint)
    assert hint is not None
    assert hint.beside == other


def test_a_measure_that_does_not_add_up_says_so(england: Organisation) -> None:
    assert "never added up" in told(hint_for(written(MeasureFactory(additive=False), england)))


def test_the_hint_is_part_of_the_editing_site(england: Organisation, hours: Any, editor: User) -> None:
    client = Client()
    client.force_login(editor)
    answer = client.post(reverse("editing:hint"), written(hours, england))
    assert hours.definition in answer.content.decode()
    signed_out = Client().post(reverse("editing:hint"), written(hours, england))
    assert signed_out.status_code == 403
    assert hours.definition not in signed_out.content.decode()


def two_rows(hours: Any, where: Organisation, **second: Any) -> dict[str, Any]:
    """Return a draft's two figures, net for England and as told for the second, which is asked about."""
    first = written(hours, where, gross_or_net="net", label="All sites")
    other = one_row(
        {name.removeprefix("figures-0-"): value for name, value in written(hours, where).items() if name != "row"}
        | {"label": "Some sites", **second},
        number=1,
    )
    return first | other


def test_another_row_of_the_draft_that_is_kept_is_named(england: Organisation, hours: Any) -> None:
    hint = hint_for(two_rows(hours, england, gross_or_net="gross"))
    assert hint is not None
    assert not hint.is_counted
    assert [(row.number, row.label, row.is_kept) for row in hint.rows] == [(1, "All sites", True)]
    assert "the same entry" in hint.rows[0].why


def test_another_row_of_the_draft_that_gives_way_is_named(england: Organisation, hours: Any) -> None:
    hint = hint_for(two_rows(hours, england, gross_or_net="gross") | {"row": "figures-0"})
    assert hint is not None
    assert hint.is_counted
    assert [(row.number, row.label, row.is_kept) for row in hint.rows] == [(2, "Some sites", False)]


@pytest.mark.parametrize(
    "apart",
    [
        {"period_start": "2020-04-01", "period_end": "2021-03-31"},
        {"basis": "modelled"},
        {"measure": ""},
        {"DELETE": "on"},
    ],
)
def test_rows_that_do_not_meet_are_not_named(england: Organisation, hours: Any, apart: dict[str, str]) -> None:
    hint = hint_for(two_rows(hours, england, **apart) | {"row": "figures-0"})
    assert hint is not None
    assert hint.is_counted
    assert hint.rows == ()


def test_the_rows_sent_stand_for_what_the_entry_has_published(england: Organisation, hours: Any) -> None:
    entry = InnovationFactory(published=True)
    figure = add_figure(entry, measure=hours, place=england, value=10)
    data = two_rows(hours, england, id=figure.pk, value="7", period_start="2020-04-01", period_end="2021-03-31")
    assert "would be 13 hours; without it, 6 hours" in told(hint_for(data | {"row": "figures-1"}, entry=entry))


def test_many_rows_cost_as_many_queries_as_one(
    england: Organisation, hours: Any, django_assert_max_num_queries: Any
) -> None:
    rows = {name: value for number in range(30) for name, value in written_row(hours, england, number).items()}
    with django_assert_max_num_queries(20):
        hint = hint_for(rows | {"row": "figures-0"})
    assert hint is not None
    assert hint.rows


def test_a_form_of_many_figures_is_not_too_long(england: Organisation, hours: Any, editor: User) -> None:
    client = Client()
    client.force_login(editor)
    rows = {name: value for number in range(60) for name, value in written_row(hours, england, number).items()}
    assert len(rows) > 1000
    answer = client.post(reverse("editing:hint"), rows | {"row": "figures-0"})
    assert hours.definition in answer.content.decode()


def test_entries_that_may_be_the_same_are_named_with_the_reason(networks: Networks, editor: User) -> None:
    source = EvidenceFactory()
    named = InnovationFactory(published=True, title="S12 Solutions")
    citing = InnovationFactory(published=True, title="Something else")
    hidden = InnovationFactory(title="S12 Solutions", owner_network=networks.other)
    cite(citing, evidence=source)
    draft = InnovationFactory(title="s12 solutions", owner_network=networks.own)
    cite(draft, evidence=source)
    found = [(row.entry.pk, row.why) for row in lookalikes_of(draft_of(draft), for_person=editor)]
    assert found == [(named.pk, "has the same name"), (citing.pk, "cites the same source")]
    assert hidden.pk not in dict(found)

"""One total, read in every output: the same words and the same as-at date."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from portal.benefits.ledgers import Total, total_of
from portal.benefits.questions import read_question
from portal.briefings.models import BriefingPack
from portal.briefings.options import PackOptions
from portal.briefings.rendering import render_pack
from portal.briefings.services import ask_for_pack
from tests.factories import (
    CountryFactory,
    IcbFactory,
    InnovationFactory,
    MeasureFactory,
    MembershipFactory,
    ThemeFactory,
    TrustFactory,
    publish_with_figure,
)
from tests.pdfs import text_of

pytestmark = pytest.mark.django_db

TEXT = "At least about 33,349.5 hours"


@dataclass(frozen=True)
class World:
    """One trust in England whose two entries, under one theme, make up the whole total."""

    measure: Any
    trust: Any
    theme: Any
    pack: BriefingPack

    @property
    def total(self) -> Total:
        return total_of(self.measure, read_question(QueryDict()))


@pytest.fixture
def world() -> World:
    england, board, trust = CountryFactory(code="ENG", name="England"), IcbFactory(), TrustFactory()
    MembershipFactory(organisation=board, within=england)
    MembershipFactory(organisation=trust, within=board)
    measure, theme = MeasureFactory(key="hours-released"), ThemeFactory()
    entries = [InnovationFactory(themes=[theme]) for _ in range(2)]
    publish_with_figure(entries[0], measure=measure, place=trust, value=Decimal(29103), qualifier="more_than")
    publish_with_figure(entries[1], measure=measure, place=trust, value=Decimal("4246.5"), qualifier="about")
    pack = ask_for_pack(slugs=[entry.slug for entry in entries], options=PackOptions(title="Options"))
    return World(measure, trust, theme, pack)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def impact(client: Client, world: World) -> str:
    return page(client, reverse("benefits:impact"))


def measure_impact(client: Client, world: World) -> str:
    return page(client, reverse("benefits:measure_impact", args=[world.measure.key]))


def organisation(client: Client, world: World) -> str:
    return page(client, world.trust.get_absolute_url())


def theme(client: Client, world: World) -> str:
    return page(client, reverse("catalogue:theme", args=[world.theme.slug]))


def feed(client: Client, world: World) -> str:
    return page(client, reverse("benefits:headline_feed"))


def as_json(client: Client, world: World) -> str:
    told = client.get(reverse("benefits:measure_impact_json", args=[world.measure.key])).json()
    return f"{told['text']} {told['as_at_text']}"


def workbook(client: Client, world: World) -> str:
    answer = client.get(reverse("benefits:measure_impact_workbook", args=[world.measure.key]))
    told = dict(load_workbook(io.BytesIO(answer.content))["Total"].iter_rows(values_only=True))
    return f"{told['Total']} {told['Worked out']}"


def frozen_pack(client: Client, world: World) -> str:
    return json.dumps(world.pack.data["totals"], ensure_ascii=False)


def document(client: Client, world: World) -> str:
    data = {**world.pack.data, "number": 1, "address": "http://localhost:8000/packs/token/"}
    return text_of(PdfReader(io.BytesIO(render_pack(data))))


OUTPUTS = [impact, measure_impact, organisation, theme, feed, as_json, workbook, frozen_pack, document]


@pytest.mark.slow
@pytest.mark.parametrize("output", OUTPUTS)
def test_a_total_and_its_day_read_the_same_in_every_output(
    client: Client, world: World, output: Callable[[Client, World], str]
) -> None:
    said = output(client, world)
    assert world.total.text == TEXT
    assert TEXT in said
    assert world.total.as_at_text in said


@pytest.mark.slow
def test_a_table_says_the_same_total_and_day(client: Client, world: World) -> None:
    answer = client.get(reverse("benefits:measure_impact_csv", args=[world.measure.key]))
    lines = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    total = next(line for line in lines if line["bucket"] == "total")
    assert (total["text"], total["value"]) == (TEXT, "33349.5")
    assert total["as_at"] == world.total.asked.as_at.isoformat() == world.pack.as_at.isoformat()

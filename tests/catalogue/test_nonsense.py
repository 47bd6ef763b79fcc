"""What the list makes of nonsense; it has two pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import InnovationFactory, MeasureFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eleven_entries")]


@pytest.fixture(scope="module")
def eleven_entries(module_db: None) -> None:
    InnovationFactory.create_batch(11, published=True)
    MeasureFactory(key="unused", name="Shifts")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"theme": "nonsense"}, "“nonsense” can’t be chosen under Theme"),
        ({"region": "'; DROP TABLE"}, "“'; DROP TABLE” can’t be chosen under NHS region"),
        ({"page": "0"}, "there is no page “0”, so this is page 1 of 2"),
        ({"page": "1000000000"}, "there is no page “1000000000”, so this is page 2 of 2"),
        ({"page": "-1"}, "so this is page 1 of 2"),
        ({"page": "two"}, "there is no page “two”"),
        ({"q": "word " * 30}, "only the first 20 words and 200 characters"),
        ({"q": "x" * 10_000}, "only the first 20 words and 200 characters"),
        ({"theme": ["a"] * 500}, "“a” can’t be chosen under Theme"),
        ({"theme": [f"a{n}" for n in range(500)]}, "only the first 50 values of Theme"),
        ({"icb": ["\x00", "‮"]}, "can’t be chosen under Integrated care board"),
        ({"sort": "password"}, "there is no sort “password”"),
        ({"sort": "benefit", "measure": "x"}, "there is no measure “x”"),
        ({"sort": "benefit"}, "until you choose a measure"),
        ({"sort": "benefit", "measure": "unused"}, "no entry has an observed benefit of Shifts"),
        ({"compare": ["nowhere", "x" * 9000]}, "there is no published entry “nowhere”"),
        ({"q": "%%%"}, "there is no letter or digit"),
    ],
)
def test_what_cannot_be_answered_is_left_out_and_said(client: Client, query: dict[str, Any], says: str) -> None:
    answer = client.get(reverse("catalogue:list"), query)
    assert answer.status_code == 200
    assert says in " ".join(answer.context["listing"].ignored)
    assert "Left out of your search" in answer.content.decode()


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=caf%E9&theme=%ff", "page=%00", "q=" + "%F0%9F%99%82" * 300, "&&==%"])
@pytest.mark.parametrize("ending", ["/", ".csv", ".json", ".atom", "/suggestions/"])
def test_any_bytes_are_answered(client: Client, query: str, ending: str) -> None:
    assert client.get(f"/catalogue{ending}?{query}").status_code == 200


@pytest.mark.parametrize("text", ["\x00", "%", "_", "\\", "' OR 1=1", "<script>", "‮אבג", "🙂", "a:b AND (c"])
def test_any_string_is_safe_to_look_for(client: Client, text: str) -> None:
    answer = client.get(reverse("catalogue:list"), {"q": text})
    assert answer.status_code == 200
    assert b"<script>" not in answer.content.replace(b"<script src", b"")

"""What the pages about a draft cost: as much for many figures and sources as for one."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.catalogue.models import Entry
from portal.editing import services
from tests.factories import add_figure, cite

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize("how_many", [0, 12])
@pytest.mark.parametrize(("name", "most"), [("editing:compare", 36), ("innovation:edit", 80)])
def test_a_drafts_page_costs_the_same_for_many_figures(
    entry: Entry,
    editor: User,
    reviewer: User,
    django_assert_max_num_queries: Any,
    *,
    name: str,
    most: int,
    how_many: int,
) -> None:
    for number in range(how_many):
        figure = add_figure(entry, published=False, key=f"further-{number}", value=number + 1, place_not_stated=True)
        cite(entry, published=False, evidence=figure.evidence)
    entry = type(entry).objects.get(pk=entry.pk)
    entry.save_revision(user=editor, clean=False)
    services.submit(entry=type(entry).objects.get(pk=entry.pk), by=editor, reason="Counted again.")
    client = Client()
    client.force_login(reviewer)
    address = reverse(name, args=[entry.pk])
    client.get(address)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200

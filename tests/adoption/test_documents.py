"""What briefs and packs say of adoption: the numbers of the entries' pages, and only of the entries asked for."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.adoption.documents import adoption_facts
from tests.factories import AdoptionRecordFactory, CoverageClaimFactory, InnovationFactory, TrustFactory

pytestmark = pytest.mark.django_db


def test_the_numbers_are_those_of_the_page_and_the_live_come_first(client: Client) -> None:
    day, trusts = timezone.localdate(), TrustFactory.create_batch(10)
    entry, on = InnovationFactory(published=True), (timezone.localdate() - timedelta(days=9)).isoformat()
    for trust, stage in zip(trusts, ["not_adopting", "exploring", "adopted", "sustained"], strict=False):
        AdoptionRecordFactory(entry=entry, organisation=trust, stage=stage, on=on)
    AdoptionRecordFactory(entry=entry, organisation=trusts[4], stage="stopped", stop_reason="licence_cost", on=on)
    CoverageClaimFactory(entry=entry, group="Practices", count=7, unit="practices")
    facts = adoption_facts([entry.pk], day=day, rows=2)[entry.pk]
    assert (facts.coverage, facts.about) == ("20% to 70%, 50% replied", "of 10 NHS trusts in England")
    assert facts.stops == "1 of 3 stopped: 1 licence cost"
    assert [line.row.stage for line in facts.lines] == ["sustained", "adopted"]
    assert facts.reported == 5
    assert [claim.group for claim in facts.claims] == ["Practices"]
    page = client.get(entry.get_absolute_url()).content.decode()
    for text in (facts.coverage, facts.about, facts.working, facts.stops):
        assert text in page


def test_of_what_nobody_uses_there_is_no_coverage() -> None:
    entry = InnovationFactory()
    facts = adoption_facts([entry.pk], day=timezone.localdate(), rows=9)[entry.pk]
    assert (facts.coverage, facts.about, facts.working, facts.stops, facts.reported) == ("", "", "", "", 0)


def test_many_entries_cost_as_many_queries_and_have_the_lines_asked_for(
    django_assert_num_queries: Any,
) -> None:
    trusts = TrustFactory.create_batch(3)
    entries = InnovationFactory.create_batch(6)
    for entry in entries:
        for trust in trusts:
            AdoptionRecordFactory(entry=entry, organisation=trust, stage="adopted", on="2026")
        CoverageClaimFactory(entry=entry)
    adoption_facts([entries[5].pk], day=timezone.localdate(), rows=2)
    for asked in (entries[:1], entries[:5]):
        with django_assert_num_queries(4):
            facts = adoption_facts([entry.pk for entry in asked], day=timezone.localdate(), rows=2)
        assert [len(one.lines) for one in facts.values()] == [2] * len(asked)

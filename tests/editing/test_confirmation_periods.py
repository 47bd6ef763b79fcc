"""For how long a word on adoption holds: changed on the editing site, followed by every page at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from tests.factories import AdoptionRecordFactory, ConfirmationPeriodFactory, InnovationFactory, TrustFactory

pytestmark = pytest.mark.django_db


def test_publishers_alone_change_the_period_and_coverage_follows(client: Client, editor: User, publisher: User) -> None:
    today = timezone.localdate()
    ConfirmationPeriodFactory(valid_from="2015-01-01", months=12)
    entry = InnovationFactory(published=True)
    said = (today - timedelta(days=240)).isoformat()
    AdoptionRecordFactory(entry=entry, organisation=TrustFactory(), stage="adopted", on=said)
    asked = {"valid_from": today.isoformat(), "months": "61", "reviewed_on": today.isoformat(), "why": "Half a year."}
    address = reverse("adoption:entry", args=[entry.slug])
    assert "100%, 100% replied" in client.get(address).content.decode()

    client.force_login(editor)
    assert client.get(reverse("confirmation_periods:index")).status_code == 200
    assert client.post(reverse("confirmation_periods:add"), asked).status_code == 403
    client.force_login(publisher)
    assert "less than or equal to 60" in client.post(reverse("confirmation_periods:add"), asked).content.decode()
    client.post(reverse("confirmation_periods:add"), asked | {"months": "6"})

    client.logout()
    page = client.get(address).content.decode()
    assert "0% to 100%, 0% replied" in page
    assert "nothing within 6 months" in page
    assert "nothing within 12 months" in client.get(address, {"as_at": f"{today - timedelta(days=1)}"}).content.decode()

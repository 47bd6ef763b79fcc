"""Two entries with all that hangs on them, and how to ask the API of them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.test import Client

from portal.catalogue.services import publish_entry
from tests.factories import (
    AdoptionRecordFactory,
    CaseStudyFactory,
    CountryFactory,
    EvidenceFactory,
    InnovationFactory,
    MeasureFactory,
    MembershipFactory,
    ParticipantFactory,
    ThemeFactory,
    TrustFactory,
    add_figure,
    cite,
)

LISTS = [
    *("entries", "innovations", "case-studies", "evidence", "measures", "figures", "totals"),
    *("adoption", "coverage", "organisations", "files"),
]
ONES = [
    *("innovations/app/", "case-studies/bank/", "evidence/report/", "measures/hours-released/"),
    *("totals/hours-released/", "coverage/app/", "organisations/RQM/"),
]


def get(address: str, status: int = 200, **more: Any) -> Any:
    answer = Client().get(f"/api/v1/{address}", **more)
    assert answer.status_code == status, answer.content
    return answer.json()


def walk(address: str) -> Iterator[dict[str, Any]]:
    """Yield every row of a list, page by page."""
    while address:
        page = get(address)
        yield from page["results"]
        address = (page["next"] or "").removeprefix(f"{settings.SITE_URL}/api/v1/")


def wrong(address: str, status: int = 400) -> list[str]:
    """Return which fields a refused question names, each with a problem and what would do."""
    told = get(address, status)
    assert told["status"] == status
    assert all(error["problem"] and error["fix"] for error in told["errors"])
    return [error["field"] for error in told["errors"]]


def make_scene() -> Any:
    england, hours = CountryFactory(code="ENG", name="England"), MeasureFactory(key="hours-released", name="Hours")
    trust = TrustFactory(code="RQM", name="Some Trust")
    MembershipFactory(organisation=trust, within=england)
    app = InnovationFactory(published=True, slug="app", title="App", themes=[ThemeFactory(slug="banks")])
    source = EvidenceFactory(key="report")
    cite(app, evidence=source, finding="It saved time.", published=False)
    add_figure(app, measure=hours, value=Decimal("1250.50"), place=trust, evidence=source, qualifier="about")
    bank = CaseStudyFactory(published=True, slug="bank", title="Bank", innovations_used=[app])
    ParticipantFactory(case_study=bank, organisation=trust, name="Some Trust")
    publish_entry(entry=bank)
    AdoptionRecordFactory(entry=app, organisation=trust, stage="adopted", on="2026-01", said_by="The trust")
    return app

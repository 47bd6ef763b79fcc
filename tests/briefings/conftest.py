"""What tests of packs share."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from portal.catalogue.models import Entry
from portal.core import runner
from tests.factories import InnovationFactory, MeasureFactory, add_figure, publish


@pytest.fixture(autouse=True)
def nothing_is_kept_ready(settings: pytest.FixtureRequest) -> None:
    """A test that makes packs makes its own; those of standing documents switch this on."""
    settings.BRIEFINGS_KEEP_READY = False  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def renderer_stays_warm() -> Iterator[None]:
    """As in a worker: a renderer is kept from one document to the next, which spares each test its start."""
    runner.stay_warm()
    yield
    runner.end_idle()


@pytest.fixture
def rota(db: None) -> Entry:
    """An entry with one figure, published."""
    innovation: Entry = InnovationFactory(title="Rota")
    add_figure(innovation, measure=MeasureFactory(unit="hours"), label="Hours saved", value=Decimal(12))
    publish(innovation)
    return innovation

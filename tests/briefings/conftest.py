"""What tests of packs share."""

from collections.abc import Iterator

import pytest

from portal.core import runner


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

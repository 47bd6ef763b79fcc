"""What tests of packs share."""

import pytest


@pytest.fixture(autouse=True)
def nothing_is_kept_ready(settings: pytest.FixtureRequest) -> None:
    """A test that makes packs makes its own; those of standing documents switch this on."""
    settings.BRIEFINGS_KEEP_READY = False  # type: ignore[attr-defined]

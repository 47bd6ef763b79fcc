"""The real data files, loaded once for all the tests that read them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from portal.exchange.loading import Report, load_data_files

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(scope="module")
def real_entries(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Report]:
    """Load every data file the product ships, and take it out again after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        report = load_data_files(ROOT)
        assert report is not None
        yield report
        transaction.set_rollback(True)

"""The real data files, loaded once for all the tests that read them."""

from pathlib import Path

import pytest
from django.conf import settings

from portal.exchange.loading import Report, load_data_files

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(scope="module")
def real_entries(module_db: None) -> Report:
    """Load every data file the product ships."""
    report = load_data_files(ROOT)
    assert report is not None
    return report

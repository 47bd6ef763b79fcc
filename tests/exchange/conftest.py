"""The real data files, loaded once for all the tests that read them, and a network with an editor."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from portal.exchange.loading import Report, load_data_files
from tests.factories import NetworkFactory, NetworkRoleFactory

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(scope="module")
def real_entries(module_db: None) -> Report:
    """Load every data file the product ships."""
    report = load_data_files(ROOT)
    assert report is not None
    return report


@pytest.fixture
def network(england: Any) -> Any:
    return NetworkFactory(name="First network", code="hin-1")


@pytest.fixture
def editor(network: Any) -> Any:
    return NetworkRoleFactory(network=network, role="editor").user

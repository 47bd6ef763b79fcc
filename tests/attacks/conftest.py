"""The site that is attacked; it is made once for each file of attacks."""

import pytest

from tests.attacks.site import Site, make_site


@pytest.fixture(scope="module")
def site(module_db: None) -> Site:
    return make_site()

"""What others may do with the catalogue (ADR 18)."""

from types import MappingProxyType
from typing import NamedTuple

from django.conf import settings


class Licence(NamedTuple):
    """`key` is its SPDX name."""

    key: str
    name: str
    address: str


LICENCES = MappingProxyType(
    {
        one.key: one
        for one in (
            Licence(
                "CC-BY-4.0",
                "Creative Commons Attribution 4.0 International",
                "https://creativecommons.org/licenses/by/4.0/",
            ),
            Licence(
                "OGL-UK-3.0",
                "Open Government Licence v3.0",
                "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            ),
            Licence(
                "CC0-1.0",
                "Creative Commons Zero v1.0 Universal",
                "https://creativecommons.org/publicdomain/zero/1.0/",
            ),
        )
    }
)
NOT_COVERED = (
    "It covers the portal’s own words and the way facts are put together here. The columns named “locator” hold a few "
    "words of a source, to find the place again: these stay their authors’, and so do the sources themselves."
)


def licence() -> Licence:
    """Return what this site publishes its catalogue under."""
    return LICENCES[settings.DATA_LICENCE]

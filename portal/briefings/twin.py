"""The pack as a page: the document's own words, for a page of the site that has its title as h1."""

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString

from portal.briefings.presentation import write
from portal.core.charts import ON_A_PHONE


def write_twin(data: Mapping[str, Any]) -> SafeString:
    """Return what stands below the page's h1; `data` is a snapshot, with what belongs to the issue if there is one."""
    # Our own templates' output, which escapes whatever was typed.
    return SafeString(write("briefings/pack/twin.html", data, size=ON_A_PHONE))  # nosec B703  # our template wrote it, escaped

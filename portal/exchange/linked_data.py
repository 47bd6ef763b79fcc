"""The data files in schema.org's words, for search engines of data sets."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from portal.core.licence import licence
from portal.core.linked_data import CONTEXT, portal
from portal.exchange.models import DataFile

ABOUT = (
    "Innovations and case studies that relieve the NHS workforce: benefit figures with unit, basis, qualifier, period, "
    "place and source, evidence, measures, and which organisation has taken up what."
)


def dataset(files: Sequence[DataFile]) -> dict[str, Any] | None:
    """Describe the newest release; None when there is none."""
    if not files or files[0].release.as_at is None:
        return None
    as_at = files[0].release.as_at
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": f"{settings.SITE_NAME}: the whole public catalogue",
        "description": ABOUT,
        "url": f"{settings.SITE_URL}/data/",
        "version": files[0].release.name,
        "dateModified": as_at.isoformat(),
        "inLanguage": "en-GB",
        "isAccessibleForFree": True,
        "license": licence().address,
        "creator": portal(),
        "publisher": portal(),
        "spatialCoverage": {"@type": "AdministrativeArea", "name": "England"},
        "distribution": [_download(file) for file in files if file.format != DataFile.Format.ABOUT],
    }


def _download(file: DataFile) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": file.name,
        "description": file.about,
        "contentUrl": f"{settings.SITE_URL}{file.get_absolute_url()}",
        "encodingFormat": file.media_type.partition(";")[0],
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }

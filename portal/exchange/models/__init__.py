"""Data files that were loaded, batches of rows that editors import, and releases of files for others to take."""

from portal.exchange.models.batch import ColumnMatch, ImportBatch, ImportedChange, ImportFile, ImportRow
from portal.exchange.models.loaded import LoadedFile
from portal.exchange.models.release import DataFile, DataRelease

__all__ = [
    "ColumnMatch",
    "DataFile",
    "DataRelease",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "ImportedChange",
    "LoadedFile",
]

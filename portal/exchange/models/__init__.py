"""Data files that were loaded, and batches of rows that editors import."""

from portal.exchange.models.batch import ColumnMatch, ImportBatch, ImportedChange, ImportFile, ImportRow
from portal.exchange.models.loaded import LoadedFile

__all__ = ["ColumnMatch", "ImportBatch", "ImportFile", "ImportRow", "ImportedChange", "LoadedFile"]

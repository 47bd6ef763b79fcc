"""Load the data files into the database; loading the same files twice changes nothing."""

from portal.exchange.loading.everything import Report, load_data_files

__all__ = ["Report", "load_data_files"]

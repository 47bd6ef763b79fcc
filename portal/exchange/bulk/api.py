"""The data files in the API: where the newest are, and how to check them."""

from typing import Any

from rest_framework import serializers

from portal.core.api import OneOf, ReadList, Told, Where
from portal.exchange.models import DataFile


class DataFileSerializer(Told):
    """One file of the whole public catalogue, or of one table of it."""

    never_without = ("name", "url", "sha256", "as_at", "licence")

    name = serializers.CharField()
    url = Where(help_text="The file itself; it stays the same until it is removed, some nights later.")
    format = OneOf(DataFile.Format)
    about = serializers.CharField()
    media_type = serializers.CharField()
    is_whole = serializers.BooleanField(help_text="Holds every table, not one.")
    rows = serializers.IntegerField(allow_null=True, help_text="Null: not a single table.")
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField(help_text="Of the file, in hexadecimal.")
    as_at = serializers.DateTimeField(source="release.as_at", help_text="The moment whose catalogue it holds.")
    licence = serializers.CharField(help_text="What it is published under: an SPDX name.")


class DataFileList(ReadList):
    """The newest data files: the whole public catalogue as JSON Lines, CSV and a workbook, made each night."""

    serializer_class = DataFileSerializer
    filter_backends = ()

    def get_queryset(self) -> Any:
        return DataFile.objects.newest()

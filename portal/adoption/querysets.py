"""Reads of adoption records and coverage claims."""

from typing import Any, Self

from django.db import models


class AdoptionQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        return self.filter(entry__live=True)

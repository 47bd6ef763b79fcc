"""Abstract models and fields that every floor above builds on."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from portal.core.partial_dates import PATTERN, NotAPartialDate, check_partial_date


def validate_partial_date(value: str) -> None:
    try:
        check_partial_date(value)
    except NotAPartialDate as error:
        raise ValidationError(str(error)) from error


class PartialDateField(models.CharField):  # type: ignore[type-arg]
    """A year, a month or a day as ISO text; empty means "not stated"."""

    default_validators = [validate_partial_date]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)


def partial_date_constraint(field: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(**{field: ""}) | Q(**{f"{field}__regex": PATTERN}),
        violation_error_message="Write a year (2023), a month (2023-06) or a day (2023-06-14).",
    )


class WithPublicId(models.Model):
    """A row that others refer to by an id that survives publishing, reverting and copying."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Tag(models.Model):
    """One value of a fixed list that people filter by."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    definition = models.TextField(blank=True, help_text="One sentence: what belongs here, and what does not.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class AppendOnly(TypeError):
    """Somebody tried to change or delete what is only ever added to."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that can be added and read, neither changed nor deleted."""

    def update(self, **values: Any) -> int:
        raise AppendOnly(f"{self.model.__name__} rows are never changed: add another one.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        return self.update()

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly(f"{self.model.__name__} rows are never deleted: they go only with what they belong to.")


class AppendOnlyModel(models.Model):
    """A row written once: saving it again and deleting it are refused.

    It goes only with the row it belongs to, by that row's cascade. Give it an AppendOnlyQuerySet.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly(f"{type(self).__name__} rows are never changed: add another one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnly(f"{type(self).__name__} rows are never deleted: they go only with what they belong to.")

"""How values are told: exact numbers as text, null for what nobody stated, and only the fields asked for."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.core.formatting import exact_number

NUMBER = r"^-?\d+(\.\d+)?$"


def address(path: str) -> str:
    """Return the whole address of something on this site."""
    return f"{settings.SITE_URL}{path}"


class Told(serializers.Serializer):
    """Something the API tells. A reader may ask for some of its fields; `never_without` come all the same."""

    never_without: ClassVar[tuple[str, ...]] = ()


@extend_schema_field({"type": "string", "pattern": NUMBER, "examples": ["29103", "70.44"]})
class ExactNumber(serializers.Field):
    """A number with every digit, as text: a reader's binary fractions would round it."""

    def to_representation(self, value: Decimal | int) -> str:
        return exact_number(Decimal(value))


class NotStated(serializers.CharField):
    """Text that is null where nobody stated it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)

    def get_attribute(self, instance: Any) -> Any:
        return super().get_attribute(instance) or None


class OneOf(serializers.ChoiceField):
    """One value of a list."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices=choices.choices, **kwargs)


class OneOfOrNot(OneOf):
    """One value of a list, or null where nobody stated it."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices, allow_null=True, **kwargs)

    def get_attribute(self, instance: Any) -> Any:
        return super().get_attribute(instance) or None


class Where(serializers.CharField):
    """The whole address of a page of this site."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source=kwargs.pop("source", "get_absolute_url"), **kwargs)

    def to_representation(self, value: Any) -> str:
        return address(str(value))

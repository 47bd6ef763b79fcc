"""What is made of an entry once and kept: see `portal.catalogue.stored` for all that it depends on."""

from collections.abc import Iterable

from django.db import models

from portal.catalogue.models.entry import Entry


class Stored(models.Model):
    """What is made of one published entry, as one release makes it on one day.

    It is only a store: what is missing or out of date is made when it is asked for.
    """

    made_for = models.CharField(max_length=40, blank=True, help_text="Day and release; empty: out of date.")
    as_of = models.CharField(
        max_length=16,
        default="",
        db_default="",
        help_text="The catalogue's mark when something last moved that concerns every entry.",
    )

    class Meta:
        abstract = True

    @classmethod
    def forget(cls, entries: Iterable[int]) -> None:
        """Mark what is stored of these entries as out of date; one query a store."""
        for store in cls.__subclasses__():
            store._default_manager.filter(pk__in=list(entries)).exclude(made_for="").update(made_for="")


class StoredCard(Stored):
    """What lists and files say of an entry."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.CASCADE, related_name="stored_card")
    told = models.JSONField()

    def __str__(self) -> str:
        return f"Card of entry {self.pk}"


class StoredPage(Stored):
    """An entry's page, and what the API says of it; the small first, as a row is read no further than asked."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.CASCADE, related_name="stored_page")
    row = models.TextField(help_text="JSON: an entry of the API's lists.")
    whole = models.BinaryField(help_text="JSON, compressed: the answer of its own address in the API.")
    page = models.BinaryField(help_text="HTML with slots, compressed.")

    def __str__(self) -> str:
        return f"Page of entry {self.pk}"

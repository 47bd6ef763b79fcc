"""What a list says of an entry, kept so that it is made once."""

from collections.abc import Iterable

from django.db import models

from portal.catalogue.models.entry import Entry


class StoredCard(models.Model):
    """The card of one published entry, as one release writes it on one day.

    The catalogue's version marks it as out of date in the transaction that moves it. It is only a
    store: what is missing or out of date is made when it is asked for.
    """

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.CASCADE, related_name="stored_card")
    made_for = models.CharField(max_length=40, blank=True, help_text="Day and release; empty: out of date.")
    told = models.JSONField()

    def __str__(self) -> str:
        return f"Card of entry {self.pk}"

    @classmethod
    def forget(cls, entries: Iterable[int] | None) -> None:
        """Mark cards as out of date; None is all of them. One query."""
        kept = cls.objects.exclude(made_for="")
        (kept if entries is None else kept.filter(pk__in=list(entries))).update(made_for="")

"""What readers' words are looked for in, what words mean the same, and what was looked for in vain."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from portal.catalogue.finding.terms import words_of
from portal.catalogue.models.entry import Entry


class SearchText(models.Model):
    """The public text of one published entry. The database's own word index follows this table (migration 0006)."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.CASCADE, related_name="search_text")
    title = models.TextField(blank=True)
    names = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    facts = models.TextField(blank=True, help_text="Measures, titles of evidence, organisations.")
    body = models.TextField(blank=True)
    labels = models.JSONField(default=dict, help_text="What readers call each part of a column.")

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word as it is written in published entries, and in how many: what a misspelt one is compared with."""

    word = models.CharField(max_length=60, primary_key=True)
    entries = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.word


class Synonyms(models.Model):
    """Words and abbreviations that mean the same: whoever looks for one also finds the others."""

    key = models.SlugField(max_length=60, unique=True, help_text="A short name for the row, never shown to readers.")
    terms = models.TextField(help_text="One word, abbreviation or phrase a line, at least two.")
    why = models.TextField(blank=True, help_text="Why they mean the same, or who says so.")
    in_use = models.BooleanField(default=True, help_text="Untick to put the row aside without losing it.")

    class Meta:
        ordering = ["key"]
        verbose_name = "set of words that mean the same"
        verbose_name_plural = "words that mean the same"

    def __str__(self) -> str:
        return ", ".join(self.listed)

    @property
    def listed(self) -> list[str]:
        return [line.strip() for line in self.terms.splitlines() if line.strip()]

    def clean(self) -> None:
        problems: list[Any] = []
        if len({words_of(term) for term in self.listed}) < 2:
            problems.append("Write at least two different words or phrases, one a line.")
        problems += [f"“{term}” holds no letters or digits." for term in self.listed if not words_of(term)]
        if problems:
            raise ValidationError({"terms": problems})


class MissedSearch(models.Model):
    """Words that found nothing in a month, and how often. Nobody who looked for them is recorded."""

    words = models.CharField(max_length=80)
    month = models.DateField(help_text="Its first day.")
    times = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-month", "-times", "words"]
        verbose_name_plural = "missed searches"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "words"],
                name="missed_search_once_a_month",
                violation_error_message="These words already have a row for this month.",
            )
        ]

    def __str__(self) -> str:
        return self.words

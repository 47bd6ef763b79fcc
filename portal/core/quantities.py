"""Words that go with a number wherever one is kept."""

from django.db import models


class Qualifier(models.TextChoices):
    EXACT = "exact", "Exactly"
    ABOUT = "about", "About"
    MORE_THAN = "more_than", "More than"
    UP_TO = "up_to", "Up to"

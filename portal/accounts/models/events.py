"""The trail of what happened with people's accounts: rows that are only ever added, each sealed over the one before."""

from django.db import models


class AccountEvent(models.Model):
    """One thing that happened with an account. People are numbers here: whoever erases theirs leaves no name behind.

    The database refuses to change a row, and to delete one that the trail was not cut behind.
    """

    class Kind(models.TextChoices):
        SIGNED_UP = "signed_up", "Made an account"
        SIGNED_IN = "signed_in", "Signed in"
        FAILED = "failed", "Failed to sign in"
        SIGNED_OUT = "signed_out", "Signed out"
        SESSIONS_ENDED = "sessions_ended", "Ended sessions"
        PASSWORD = "password", "Changed the password"
        FACTOR_ADDED = "factor_added", "Added a second factor"
        FACTOR_REMOVED = "factor_removed", "Removed a second factor"
        FACTOR_RESET = "factor_reset", "Made new recovery codes"
        ADDRESS = "address", "Changed an e-mail address"
        LINKED = "linked", "Linked to another provider’s sign-in"
        UNLINKED = "unlinked", "Unlinked from another provider’s sign-in"
        INVITED = "invited", "Invited somebody"
        ACCEPTED = "accepted", "Accepted an invitation"
        WITHDRAWN = "withdrawn", "Withdrew an invitation"
        ROLE = "role", "Had a role given, changed or taken away"
        CLOSED = "closed", "Had the account closed"
        REOPENED = "reopened", "Had the account opened again"
        KEY_MADE = "key_made", "Made a key to the API"
        KEY_REVOKED = "key_revoked", "Had a key to the API revoked"
        EXPORTED = "exported", "Took a copy of their data"
        ERASED = "erased", "Erased the account"

    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=Kind)
    person = models.PositiveBigIntegerField(null=True, help_text="The number of the account it happened with.")
    by = models.PositiveBigIntegerField(null=True, help_text="The number of the account that did it, if another.")
    address = models.CharField(max_length=45, blank=True, help_text="From where, as far as it is known.")
    note = models.CharField(max_length=200, blank=True)
    before = models.CharField(max_length=64, blank=True, help_text="The seal of the row before.")
    seal = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "-id"], name="account_event_of_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.at:%Y-%m-%d %H:%M})"


class Trail(models.Model):
    """Where the trail begins and ends: one row. It begins after what was cut off as too old."""

    begins_after = models.CharField(max_length=64, blank=True, help_text="The seal of the last row cut off.")
    cut_before = models.PositiveBigIntegerField(default=0, help_text="Rows with lower numbers may be deleted.")
    ends_with = models.CharField(max_length=64, blank=True, help_text="The seal of the last row.")

    def __str__(self) -> str:
        return "The trail of accounts"

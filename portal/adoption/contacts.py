"""Whom organisations let us ask: consent written down, kept for a time, and forgotten when the owner says so."""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone

from portal.adoption.models import Contact, ForgottenAddress
from portal.adoption.querysets import CONSENT_HOLDS
from portal.core.signatures import every_signature_of

SALT = "adoption.forget-contact"
USE = "adoption.forgotten-address"
KEPT_AFTER = timedelta(days=90)
"""After a consent has lapsed an editor has so long to ask for a new one; then the address is deleted."""


class ConsentRefused(Exception):
    """A consent can't be written down; the text says why, fit to show."""


@transaction.atomic
def write_down_consent(*, contact: Contact) -> None:
    """Save a contact, new or known, with the consent in it. Raises ConsentRefused."""
    if contact.pk and not Contact.objects.select_for_update().filter(pk=contact.pk).exists():
        raise ConsentRefused("This address was removed meanwhile.")
    day = contact.consent_on
    if not (contact.consent_by and day and contact.consent_for):
        raise ConsentRefused("Say who agreed, when, and to what.")
    if day > timezone.localdate():
        raise ConsentRefused("This day has not come yet. Give the day on which they agreed.")
    if not contact.may_be_asked(timezone.localdate()):
        raise ConsentRefused("This consent has lapsed: one holds for two years. Ask them again.")
    forgotten = ForgottenAddress.objects.filter(code__in=_codes_of(contact.email))
    if (last := forgotten.order_by("on").last()) and last.on >= day:
        raise ConsentRefused(
            f"Whoever reads this address had it removed on {last.on:%-d %B %Y}. Only a consent since then counts."
        )
    forgotten.delete()
    contact.kept_until = day + CONSENT_HOLDS + KEPT_AFTER
    contact.save()


def token_of(contact: Contact) -> str:
    """Return what the link to have the address forgotten holds: it works for as long as the address is kept."""
    return signing.dumps(contact.pk, salt=SALT)


def contact_of(token: str) -> Contact | None:
    """Return the contact of a token of ours, or None where it is kept no longer. Raises BadSignature for any other."""
    return Contact.objects.filter(pk=signing.loads(token, salt=SALT)).first()


@transaction.atomic
def forget(contact: Contact) -> None:
    """Forget an address at its owner's word, with every link sent to it: it isn't added again without a new consent."""
    code = _codes_of(contact.email)[0]
    ForgottenAddress.objects.update_or_create(code=code, defaults={"on": timezone.localdate()})
    Contact.objects.filter(email__iexact=contact.email).delete()


def forget_lapsed(*, now: datetime) -> int:
    """Delete the addresses whose time is over; return how many."""
    return Contact.objects.filter(kept_until__lt=timezone.localdate(now)).delete()[1].get(Contact._meta.label, 0)


def _codes_of(email: str) -> list[str]:
    return every_signature_of(email.strip().lower(), use=USE)
